import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describeDestination, sqlRowReader } from '@dlt/destination-testkit'
import { sqlite } from '../src/index.ts'

describeDestination('SQLite', {
  capabilities: sqlite().capabilities,
  module: new URL('../src/index.ts', import.meta.url),
  create: async ({ replaceStrategy }) => {
    const localDirectory = await mkdtemp(join(tmpdir(), 'dlt-sqlite-'))
    return {
      destination: sqlite({ ...(replaceStrategy !== undefined && { replaceStrategy }) }),
      context: { pipelineName: 'sample', datasetName: 'data', localDirectory },
      readRows: sqlRowReader({
        binaryAsHex: (column) => `iif(${column} IS NULL, NULL, hex(${column}))`,
        query: async (sql) => {
          using database = new DatabaseSync(':memory:')
          database.prepare('ATTACH DATABASE ? AS data').run(join(localDirectory, 'data.db'))
          return database
            .prepare(sql)
            .all()
            .map((row) => Object.values(row))
        },
      }),
      cleanup: () => rm(localDirectory, { recursive: true }),
    }
  },
})
