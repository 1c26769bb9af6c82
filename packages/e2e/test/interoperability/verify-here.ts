import { hashSchema, schemaFromJson } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'

/** Hashes of a dataset's stored schemas that are not those that this system computes. */
export async function verifyHere(file: string, dataset: string): Promise<readonly string[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const stored = await connection.runAndReadAll(`SELECT version_hash, schema FROM ${dataset}._dlt_version`)
    return stored
      .getRows()
      .map(([known, text]) => ({ known: String(known), schema: schemaFromJson(String(text)) }))
      .filter(({ known, schema }) => known !== schema.version_hash || known !== hashSchema(schema))
      .map(({ known }) => known)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
