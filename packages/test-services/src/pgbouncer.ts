import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { installDebianPackage } from './debian-package.ts'
import { freePort } from './free-port.ts'
import { guardedFolder } from './guarded-folder.ts'
import type { PostgresAddress } from './postgres/database.ts'
import { lastLine, runProgram } from './run-program.ts'
import { serverAccount } from './server-account.ts'

/** A pooler in front of a server. */
export interface PgBouncer extends AsyncDisposable {
  /** As the server's, with the pooler's port. */
  readonly address: PostgresAddress
}

/** How connections are pooled. */
export interface PgBouncerOptions {
  /** When a connection of the server goes back into the pool. Default: `transaction`. */
  readonly poolMode?: 'session' | 'transaction' | 'statement'
  /** Connections to the server, per database. Default: 4. */
  readonly poolSize?: number
}

const place = '/usr/sbin/pgbouncer'

/** Finds PgBouncer, or installs Debian's where this process may; says what is missing otherwise. */
export const missingPgBouncer = async (): Promise<string | undefined> => {
  if (existsSync(place)) return undefined
  try {
    await installDebianPackage('pgbouncer')
  } catch (error) {
    return `no PgBouncer: ${lastLine(error)}`
  }
  return existsSync(place) ? undefined : `no PgBouncer: "${place}" is not installed`
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = createConnection(port, '127.0.0.1')
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false))
    connection.once('connect', () => connection.destroy())
  })

/** Starts PgBouncer in front of a server, on a free port, in a temporary folder; it ends with this process. */
export const startPgBouncer = async (
  server: PostgresAddress,
  { poolMode = 'transaction', poolSize = 4 }: PgBouncerOptions = {},
): Promise<PgBouncer> => {
  const missing = await missingPgBouncer()
  if (missing !== undefined) throw new Error(missing)
  const account = await serverAccount()
  const stop = '[ ! -f pid ] || kill -TERM "$(cat pid)"'
  const folder = await guardedFolder({ prefix: 'dlt-pgbouncer-', account, stop })
  const inFolder = (name: string) => join(folder.path, name)
  const port = await freePort()
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: inFolder('users'),
    pool_mode: poolMode,
    default_pool_size: poolSize,
    max_client_conn: 500,
    pidfile: inFolder('pid'),
    logfile: inFolder('log'),
    ignore_startup_parameters: 'extra_float_digits',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  const databases = `[databases]\n* = host=${server.host} port=${server.port}\n`
  await writeFile(inFolder('ini'), `${databases}[pgbouncer]\n${lines.join('\n')}\n`)
  await writeFile(inFolder('users'), `"${server.user}" "${server.password}"\n`)
  await runProgram(place, ['-q', '-d', inFolder('ini')], { account, folder: folder.path })
  while (!(await isListening(port))) await wait(20)
  return { address: { ...server, port, logFile: inFolder('log') }, [Symbol.asyncDispose]: () => folder.remove() }
}
