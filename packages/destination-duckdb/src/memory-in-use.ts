import type { DuckDBConnection } from '@duckdb/node-api'

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
