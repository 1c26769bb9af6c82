import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDestination, sqlRowReader } from '@dlt/destination-testkit'
import { DuckDBInstance } from '@duckdb/node-api'
import { duckdb } from '../src/index.ts'
import { queryFile } from './read-file.ts'

const { capabilities } = duckdb()

describeDestination('DuckDB in a file', {
  capabilities,
  module: new URL('../src/index.ts', import.meta.url),
  create: async ({ replaceStrategy }) => {
    const localDirectory = await mkdtemp(join(tmpdir(), 'dlt-duckdb-'))
    return {
      destination: duckdb({ ...(replaceStrategy !== undefined && { replaceStrategy }) }),
      context: { pipelineName: 'sample', datasetName: 'data', localDirectory },
      readRows: sqlRowReader({ query: (sql) => queryFile(join(localDirectory, 'sample_db.duckdb'), sql) }),
      cleanup: () => rm(localDirectory, { recursive: true }),
    }
  },
})

describeDestination('DuckDB on a connection of the caller', {
  capabilities,
  concurrentClients: false,
  create: async ({ replaceStrategy }) => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    return {
      destination: duckdb({ credentials: connection, ...(replaceStrategy !== undefined && { replaceStrategy }) }),
      context: { pipelineName: 'sample', datasetName: 'data', localDirectory: '.' },
      readRows: sqlRowReader({ query: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS() }),
      cleanup: async () => instance.closeSync(),
    }
  },
})
