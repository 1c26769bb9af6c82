import { type PostgresOptions, postgres } from '@dlt/destination-postgres'
import { createDatabase, type PostgresAddress } from '@dlt/test-services'
import pg from 'pg'
import { optionsOf } from '../../fixtures/spec-options.ts'
import { readPostgresForm } from '../../postgres/read-postgres.ts'
import type { Engine, StoredDocument } from './engine.ts'

/** Both systems write to one server. */
export const postgresEngine = (server: PostgresAddress): Engine => ({
  type: 'postgres',
  createDatabase: async () => (await createDatabase(server)).url,
  secrets: (url) => {
    const { hostname, port, username, password, pathname } = new URL(url)
    const texts = { host: hostname, username, password, database: pathname.slice(1) }
    const lines = Object.entries(texts).map(([key, value]) => `${key} = "${value}"`)
    return ['[destination.postgres.credentials]', ...lines, `port = ${port}`].join('\n')
  },
  destination: (credentials, options) => postgres({ ...optionsOf<PostgresOptions>(options), credentials }),
  readForm: (url, dataset, documents) => reading(url, (database) => readPostgresForm(database, dataset, documents)),
  readSchemas: (url, dataset) =>
    reading(url, async (database) => {
      const text = `SELECT version_hash AS hash, schema AS text FROM ${dataset}._dlt_version`
      return (await database.query<StoredDocument>(text)).rows
    }),
})

const reading = async <Answer>(url: string, read: (database: pg.Pool) => Promise<Answer>): Promise<Answer> => {
  const database = new pg.Pool({ connectionString: url, max: 1, options: '-c TimeZone=UTC' })
  try {
    return await read(database)
  } finally {
    await database.end()
  }
}
