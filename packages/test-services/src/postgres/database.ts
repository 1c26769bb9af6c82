import { randomBytes } from 'node:crypto'
import { runProgram } from '../run-program.ts'
import { postgresPrograms } from './programs.ts'

/** How a server is reached, as its administrator. Plain data, so that it can be handed to another process. */
export interface PostgresAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** The file that the server logs to. */
  readonly logFile: string
}

/** A database of a server. */
export interface PostgresDatabase extends PostgresAddress {
  readonly database: string
  /** `postgresql://user:password@host:port/database` */
  readonly url: string
}

/** A database by its name, whether it exists or not. */
export const databaseAt = (address: PostgresAddress, database: string): PostgresDatabase => {
  const { host, port, user, password } = address
  const url = `postgresql://${user}:${password}@${host}:${port}/${encodeURIComponent(database)}`
  return { ...address, database, url }
}

/** Runs statements, one transaction each, and returns what they print: a line per row, values with `|` between them. */
export const psql = async (database: PostgresDatabase, ...statements: readonly string[]): Promise<string> => {
  const { host, port, user, password, database: name } = database
  const settings = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']
  const commands = statements.flatMap((statement) => ['-c', statement])
  const place = ['-h', host, '-p', String(port), '-U', user, '-d', name]
  const programs = await postgresPrograms()
  if ('missing' in programs) throw new Error(programs.missing)
  const printed = await runProgram(programs.psql, [...settings, ...place, ...commands], {
    environment: { PGPASSWORD: password, PGCONNECT_TIMEOUT: '10' },
  })
  return printed.trimEnd()
}

/** Makes an empty database. It is not dropped: the server ends with the tests. Default: a name of its own. */
export const createDatabase = async (
  address: PostgresAddress,
  name = `test_${randomBytes(6).toString('hex')}`,
): Promise<PostgresDatabase> => {
  await psql(databaseAt(address, 'postgres'), `CREATE DATABASE "${name}"`)
  return databaseAt(address, name)
}
