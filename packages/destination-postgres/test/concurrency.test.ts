import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDatabase,
  declareMissing,
  missingPgBouncer,
  type PostgresDatabase,
  psql,
  sharedPostgres,
  startPgBouncer,
} from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, PostgresDataset, schemaOf } from './postgres-dataset.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
const withoutPooler = missing ?? (await missingPgBouncer())
declareMissing('Postgres', missing)
declareMissing('PgBouncer', withoutPooler)
const address = 'address' in shared ? shared.address : undefined

const pipelines = Array.from({ length: 16 }, (_, index) => index)
const id = column('id', 'bigint')
const key = column('id', 'bigint', { primary_key: true, nullable: false })

const schemaFor = (index: number) =>
  schemaOf({
    shared: { columns: [id] },
    [`own_${index}`]: { columns: [id] },
    merged: { columns: [key, column('of', 'bigint')], writeDisposition: 'merge' },
  })

describe.skipIf(address === undefined)('sixteen clients at once', () => {
  if (address === undefined) return
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Each makes the dataset, appends to a table of all and to one of its own, and merges three times into another of all. */
  const loadAll = async (through: PostgresDatabase, database: PostgresDatabase): Promise<void> => {
    await Promise.all(
      pipelines.map(async (index) => {
        await using dataset = await PostgresDataset.open({ credentials: through.url }, folder)
        const schema = schemaFor(index)
        await dataset.prepare(schema)
        for (const round of [1, 2, 3])
          await dataset.load(`${index}.${round}`, schema, {
            shared: [[index], [index]],
            [`own_${index}`]: [[round]],
            merged: [1, 2, 3, 100 + index].map((row) => [row, index]),
          })
      }),
    )
    expect(await psql(database, 'SELECT count(*), count(DISTINCT id) FROM data.shared')).toBe('96|16')
    expect(await psql(database, 'SELECT count(*), count(DISTINCT id) FROM data.merged')).toBe('19|19')
    expect(await psql(database, 'SELECT count(*), count(DISTINCT load_id) FROM data._dlt_loads')).toBe('48|48')
    const own = pipelines.map((index) => `SELECT count(*) FROM data.own_${index}`)
    expect(await psql(database, own.join(' UNION ALL '))).toBe(pipelines.map(() => '3').join('\n'))
  }

  test('make one dataset and load into its tables, nothing lost and nothing doubled', async () => {
    const database = await createDatabase(address)
    await loadAll(database, database)
  })

  test.skipIf(withoutPooler !== undefined)(
    'do so through a pooler that gives every transaction another session',
    async () => {
      const database = await createDatabase(address)
      await using pooler = await startPgBouncer(address, { poolMode: 'transaction', poolSize: 3 })
      const { host, port } = pooler.address
      const url = database.url.replace(`@${database.host}:${database.port}/`, `@${host}:${port}/`)
      await loadAll({ ...database, host, port, url }, database)
    },
  )
})
