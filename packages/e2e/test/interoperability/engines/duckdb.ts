import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type DuckDbOptions, duckdb } from '@dlt/destination-duckdb'
import { queryFile } from '../../duckdb/query-file.ts'
import { readDatasetForm } from '../../fixtures/read-duckdb.ts'
import { optionsOf } from '../../fixtures/spec-options.ts'
import type { Engine } from './engine.ts'

/** Both systems write into one file. */
export const duckDbEngine: Engine = {
  type: 'duckdb',
  createDatabase: async (folder) => join(folder, `${randomUUID()}.duckdb`),
  secrets: (file) => `[destination.duckdb]\ncredentials = "${file}"`,
  destination: (credentials, options) => duckdb({ ...optionsOf<DuckDbOptions>(options), credentials }),
  readForm: readDatasetForm,
  readSchemas: async (file, dataset) => {
    const rows = await queryFile(file, `SELECT version_hash, schema FROM ${dataset}._dlt_version`)
    return rows.map(([hash, text]) => ({ hash: String(hash), text: String(text) }))
  },
}
