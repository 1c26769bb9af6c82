import type { DuckDBConnection } from '@duckdb/node-api'

/** Changes a setting where DuckDB lets it be changed, to one value after another. Memory is no reason for a load to fail. */
export async function trySet(
  connection: DuckDBConnection,
  name: string,
  ...values: readonly string[]
): Promise<boolean> {
  try {
    await connection.run(values.map((value) => `SET ${name} = '${value.replaceAll("'", "''")}'`).join(';'))
    return true
  } catch {
    return false
  }
}

/** A setting as a text that sets it again. */
export async function readSetting(connection: DuckDBConnection, name: string): Promise<string> {
  const [[value] = []] = (await connection.runAndReadAll(`SELECT current_setting('${name}')`)).getRows()
  return String(value)
}

/** The limit as a text that sets it again: DuckDB cuts it off after one digit (`18.7 GiB`), so that each time it would get smaller. */
export async function readLimit(connection: DuckDBConnection): Promise<string> {
  return (await readSetting(connection, 'memory_limit')).replace(/\.\d(?= )/, '$&5')
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** The limit in bytes; as good as none where there is none. */
export async function limitBytes(connection: DuckDBConnection): Promise<number> {
  const [number, unit = ''] = (await readSetting(connection, 'memory_limit')).split(' ')
  return Number(number) * 1024 ** Math.max(0, units.indexOf(unit))
}

/** Bytes that a database holds in memory. */
export interface MemoryInUse {
  /** Blocks of its file. */
  readonly written: number
  /** Rows that are not written. */
  readonly rows: number
  readonly all: number
}

/** What a database holds in memory now. */
export async function memoryInUse(connection: DuckDBConnection): Promise<MemoryInUse> {
  const reader = await connection.runAndReadAll('SELECT tag, memory_usage_bytes::DOUBLE FROM duckdb_memory()')
  const tags = new Map(reader.getRows().map(([tag, bytes]) => [String(tag), Number(bytes)]))
  return {
    written: tags.get('BASE_TABLE') ?? 0,
    rows: tags.get('IN_MEMORY_TABLE') ?? 0,
    all: [...tags.values()].reduce((sum, bytes) => sum + bytes, 0),
  }
}
