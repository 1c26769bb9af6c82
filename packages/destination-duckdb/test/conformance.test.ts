import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDestination } from '@dlt/destination-testkit'
import { duckdb } from '../src/index.ts'
import { fileRowReader } from './read-file.ts'

describeDestination('DuckDB in a file', {
  capabilities: duckdb().capabilities,
  create: async () => {
    const localDirectory = await mkdtemp(join(tmpdir(), 'dlt-duckdb-'))
    return {
      destination: duckdb(),
      context: { pipelineName: 'sample', datasetName: 'data', localDirectory },
      readRows: fileRowReader(join(localDirectory, 'sample_db.duckdb')),
      cleanup: () => rm(localDirectory, { recursive: true }),
    }
  },
})
