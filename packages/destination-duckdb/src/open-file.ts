import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { memoryCatalog } from './database-location.ts'
import { rowGroupRows } from './row-group.ts'

/** How a file is opened. */
export interface OpenFileOptions {
  /** The oldest version of DuckDB that can read the file, where it is made. */
  readonly storageVersion: string
  /** The database's name in statements. */
  readonly catalog: string
}

/** A database file that is open. */
export interface OpenFile {
  /** Opens a connection whose database is the file. */
  connect(): Promise<DuckDBConnection>
  /** Writes what is not in its place yet, and lets other processes open the file. */
  close(): void
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Opens a database file, or makes it. It is attached to an instance that has no other database: only so can row groups have a size. Everything
 * else is as if the instance had opened the file: its name, its settings, the folder for temporary files.
 * @throws what DuckDB throws where it cannot be opened
 */
export async function openFile(path: string, { storageVersion, catalog }: OpenFileOptions): Promise<OpenFile> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const options = { storage_compatibility_version: storageVersion }
  // Two databases of one instance cannot have one name.
  if (['', memoryCatalog].includes(catalog.toLowerCase())) {
    const instance = await DuckDBInstance.create(path, options)
    return { connect: () => instance.connect(), close: () => instance.closeSync() }
  }
  const instance = await DuckDBInstance.create(':memory:', { ...options, temp_directory: `${path}.tmp` })
  try {
    await attach(instance, path, catalog)
  } catch (error) {
    instance.closeSync()
    throw error
  }
  return { connect: () => connectTo(instance, catalog), close: () => instance.closeSync() }
}

async function attach(instance: DuckDBInstance, path: string, catalog: string): Promise<void> {
  const connection = await instance.connect()
  try {
    const file = `'${path.replaceAll("'", "''")}'`
    await connection.run(`ATTACH ${file} AS ${quoted(catalog)} (ROW_GROUP_SIZE ${rowGroupRows})`)
    await use(connection, catalog)
    // A dataset may have its name.
    await connection.run(`DETACH ${memoryCatalog}`)
  } finally {
    connection.closeSync()
  }
}

async function connectTo(instance: DuckDBInstance, catalog: string): Promise<DuckDBConnection> {
  const connection = await instance.connect()
  try {
    await use(connection, catalog)
  } catch (error) {
    connection.closeSync()
    throw error
  }
  return connection
}

// With its schema: without, a schema of the database's name could be meant.
async function use(connection: DuckDBConnection, catalog: string): Promise<void> {
  await connection.run(`USE ${quoted(catalog)}.main`)
}
