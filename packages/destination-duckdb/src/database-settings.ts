import type { DuckDBConnection } from '@duckdb/node-api'

const assignment = ([name, value]: readonly [string, string]): string =>
  `SET ${name} = '${value.replaceAll("'", "''")}'`

/** Changes settings where DuckDB lets them be changed. How a load is made faster or smaller is no reason for it to fail. */
export async function trySettings(
  connection: DuckDBConnection,
  settings: Readonly<Record<string, string>>,
): Promise<boolean> {
  return tryRun(connection, Object.entries(settings))
}

/** Like {@link trySettings}, for a setting that gets one value after another. */
export async function trySet(
  connection: DuckDBConnection,
  name: string,
  ...values: readonly string[]
): Promise<boolean> {
  return tryRun(
    connection,
    values.map((value) => [name, value]),
  )
}

async function tryRun(
  connection: DuckDBConnection,
  assignments: readonly (readonly [string, string])[],
): Promise<boolean> {
  try {
    await connection.run(assignments.map(assignment).join(';'))
    return true
  } catch {
    return false
  }
}

/**
 * A setting as a text that sets it again: DuckDB cuts numbers of bytes off after one digit (`18.7 GiB`), so that they would get smaller each
 * time.
 */
export async function readSetting(connection: DuckDBConnection, name: string): Promise<string> {
  return (await currentSetting(connection, name)).replace(/(?<=^\d+\.\d)(?= [KMGTPE]iB$)/, '5')
}

async function currentSetting(connection: DuckDBConnection, name: string): Promise<string> {
  const [[value] = []] = (await connection.runAndReadAll(`SELECT current_setting('${name}')`)).getRows()
  return String(value)
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** The memory limit in bytes; as good as none where there is none. */
export async function memoryLimitBytes(connection: DuckDBConnection): Promise<number> {
  const [number, unit = ''] = (await currentSetting(connection, 'memory_limit')).split(' ')
  return Number(number) * 1024 ** Math.max(0, units.indexOf(unit))
}
