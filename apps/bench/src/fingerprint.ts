import { DuckDBInstance } from '@duckdb/node-api'

/** What a database holds, independent of the order of rows and columns: `table.column` -> count and sum of hashes. */
export type Fingerprint = ReadonlyMap<string, string>

/** Ids differ by design; that each row has its own is part of the fingerprint. */
const isOwnColumn = (column: string): boolean => column.startsWith('_dlt_')

/** Reads the fingerprint of the loaded tables of dataset `github`. */
export async function readFingerprint(databasePath: string): Promise<Fingerprint> {
  const instance = await DuckDBInstance.create(databasePath, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const query = async (sql: string): Promise<string[][]> =>
      (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String))
    const columns = await query(
      `SELECT table_name, column_name, data_type FROM information_schema.columns
       WHERE table_schema = 'github' AND table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY ALL`,
    )
    const fingerprint = new Map<string, string>()
    for (const [table = '', column = '', type = ''] of columns) {
      if (isOwnColumn(column) && column !== '_dlt_id') continue
      const name = `"${column}"`
      const content = column === '_dlt_id' ? `count(DISTINCT ${name})` : `count(${name}) || ' ' || sum(hash(${name}))`
      const [[value = ''] = []] = await query(`SELECT ${content} FROM github."${table}"`)
      fingerprint.set(`${table}.${column}`, `${type} ${value}`)
    }
    return fingerprint
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** What is not the same in two fingerprints, one line each. */
export function differences(expected: Fingerprint, actual: Fingerprint): readonly string[] {
  const names = new Set([...expected.keys(), ...actual.keys()])
  return [...names]
    .filter((name) => expected.get(name) !== actual.get(name))
    .map((name) => `${name}: expected ${expected.get(name) ?? 'nothing'}, found ${actual.get(name) ?? 'nothing'}`)
}
