import { createLiteralWriter } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { duckdbLiterals } from './capabilities.ts'
import { DuckDbSqlConnection, refuseOpenTransaction } from './connection.ts'
import type { DatabaseLocation } from './database-location.ts'
import { toDestinationError } from './errors.ts'
import { borrowFileInstance } from './file-instances.ts'
import { FileLoad } from './file-load.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { DuckDbOptions } from './options.ts'

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

const settingText = (value: string | number | boolean): string =>
  typeof value === 'string' ? createLiteralWriter(duckdbLiterals).text(value) : String(value)

/**
 * DuckDB keeps five row groups in memory before it compresses and writes them. With one, ten times the rows do not
 * take ten times the memory, and a load takes no longer: the commit has less left to write.
 */
const defaultSettings = { write_buffer_row_group_count: 1 }

const applySettings = async (connection: DuckDBConnection, options: DuckDbOptions): Promise<void> => {
  const timezone = options.sessionTimezone === undefined ? 'UTC' : options.sessionTimezone
  const settings = { ...(timezone === null ? {} : { TimeZone: timezone }), ...defaultSettings, ...options.settings }
  for (const [name, value] of Object.entries(settings))
    await connection.run(`SET ${identifier(name)} = ${settingText(value)}`)
}

/** DuckDB's names of settings are the same in small and in capital letters. */
const inSmallLetters = ({ settings = {}, ...options }: DuckDbOptions): DuckDbOptions => ({
  ...options,
  settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value])),
})

/** Opens a connection of an instance and applies the session's settings; closes it again where one of them is refused. */
const openConnection = async (
  connect: () => Promise<DuckDBConnection>,
  options: DuckDbOptions,
  release: () => void,
  fileLoad?: FileLoad,
): Promise<DuckDbSqlConnection> => {
  let connection: DuckDBConnection
  try {
    connection = await connect()
  } catch (error) {
    release()
    throw toDestinationError(error)
  }
  const close = (): void => {
    connection.closeSync()
    release()
  }
  try {
    await applySettings(connection, options)
  } catch (error) {
    close()
    throw toDestinationError(error)
  }
  return new DuckDbSqlConnection(connection, {
    ofCaller: false,
    release: close,
    ...(fileLoad !== undefined && { fileLoad }),
  })
}

/**
 * Connects to a database.
 * @throws DestinationError where it cannot be opened, or where a connection of the caller is in a transaction
 */
export const openDatabase = async (
  location: DatabaseLocation,
  givenOptions: DuckDbOptions,
  memory: MemoryDatabase,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<DuckDbSqlConnection> => {
  const options = inSmallLetters(givenOptions)
  if (location.kind === 'connection') {
    await refuseOpenTransaction(location.connection)
    return new DuckDbSqlConnection(location.connection, { ofCaller: true, release: () => undefined })
  }
  if (location.kind === 'memory')
    return openConnection(
      async () => (await memory.instance()).connect(),
      options,
      () => undefined,
    )
  const storageVersion = options.settings?.['storage_compatibility_version']
  const borrowed = await borrowFileInstance(location.path, {
    mustExist: readOnly,
    ...(storageVersion !== undefined && { storageVersion: String(storageVersion) }),
  })
  const fileLoad = new FileLoad(borrowed, options.settings)
  return openConnection(
    () => borrowed.connect(),
    options,
    () => borrowed.release(),
    fileLoad,
  )
}
