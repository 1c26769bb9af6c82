import { DuckDBInstance } from '@duckdb/node-api'

/** Opens a database file as another program would, and gives all rows of a query. */
export async function queryFile(
  file: string,
  sql: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(file, settings)
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
