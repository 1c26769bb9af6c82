import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { type GuardedFolder, guardedFolder } from '../guarded-folder.ts'
import { runProgram } from '../run-program.ts'
import { type ServerAccount, serverAccount } from '../server-account.ts'
import { SmallDisk } from '../small-disk.ts'
import { createDatabase, databaseAt, type PostgresAddress, type PostgresDatabase, psql } from './database.ts'
import { postgresPrograms } from './programs.ts'

/** How a server of a test's own is set up. */
export interface PostgresOptions {
  /**
   * Whether what is committed survives the server's death. Default: true. False makes tests faster (`fsync`, `synchronous_commit` and
   * `full_page_writes` off) and is for servers that are never killed, as the shared one.
   */
  readonly durable?: boolean
  /** A certificate for `localhost`, signed by nobody; connections without TLS are refused where it is required. Default: no TLS. */
  readonly tls?: 'offered' | 'required'
  /** Further settings, as in `postgresql.conf`, values without quotes. */
  readonly settings?: Readonly<Record<string, string>>
}

interface Setup {
  readonly programs: string
  readonly account: ServerAccount | undefined
  readonly folder: GuardedFolder
  readonly address: PostgresAddress
}

// The first line of the file is the server's process. `umount` is for a disk that a killed test left.
const stopServer = [
  'pid=$(head -n 1 data/postmaster.pid 2>/dev/null)',
  '[ -z "$pid" ] || kill -QUIT "$pid"',
  'while [ -f data/postmaster.pid ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done',
  '[ ! -d disk ] || umount --lazy disk',
].join('\n')

const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

const settingsOf = ({ durable = true, tls, settings }: PostgresOptions, folder: string): Record<string, string> => ({
  listen_addresses: '127.0.0.1,::1',
  unix_socket_directories: folder,
  max_connections: '200',
  ...(durable ? {} : fast),
  ...(tls === undefined
    ? {}
    : { ssl: 'on', ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') }),
  ...settings,
})

/** A Postgres server of a test's own. It ends with the process that started it, however that ends. */
export class PostgresServer implements AsyncDisposable {
  readonly #setup: Setup

  private constructor(setup: Setup) {
    this.#setup = setup
  }

  /** How it is reached, as its administrator. */
  get address(): PostgresAddress {
    return this.#setup.address
  }

  /** The certificate by which clients know the server, where it has one. */
  get certificateFile(): string {
    return join(this.#setup.folder.path, 'server.crt')
  }

  /** Makes a cluster in a temporary folder and starts a server on a free port. Throws where no server is installed. */
  static async start(options: PostgresOptions = {}): Promise<PostgresServer> {
    const found = await postgresPrograms()
    if ('missing' in found) throw new Error(found.missing)
    const account = await serverAccount()
    const folder = await guardedFolder({ prefix: 'dlt-postgres-', account, stop: stopServer })
    try {
      const login = await makeCluster(found.folder, { folder: folder.path, account }, options)
      const setup = { programs: found.folder, account, folder }
      for (let attempt = 1; ; attempt++) {
        const server = new PostgresServer({ ...setup, address: { ...login, port: await freePort() } })
        await server.#writePort()
        if (await server.#starts(attempt)) return server
      }
    } catch (error) {
      await folder.remove()
      throw error
    }
  }

  /** A new database. */
  createDatabase(name?: string): Promise<PostgresDatabase> {
    return createDatabase(this.address, name)
  }

  /** Runs statements as the administrator in the first database. */
  query(...statements: readonly string[]): Promise<string> {
    return psql(databaseAt(this.address, 'postgres'), ...statements)
  }

  /** Kills the server and all that work for it at once. What they had only in memory is gone. Linux. */
  async kill(): Promise<void> {
    const folder = this.#setup.folder.path
    const pidFile = join(folder, 'data', 'postmaster.pid')
    const [first = ''] = (await readFile(pidFile, 'utf8')).split('\n')
    const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8').catch(() => '')
    // The parent first: it would start others in place of those that are gone.
    const processes = [first, ...children.split(' ')].filter((pid) => pid.trim() !== '').map(Number)
    for (const process of processes) killIfAlive(process)
    for (const process of processes) while (await isAlive(process)) await wait(10)
    // Their number might soon be another process, which would keep the server from starting.
    for (const file of [pidFile, join(folder, `.s.PGSQL.${this.address.port}.lock`)]) await rm(file, { force: true })
  }

  /** Ends the server; open connections are cut. It can be started again. */
  async stop(): Promise<void> {
    await this.#control('stop', '-m', 'fast')
  }

  /** Starts the server that was killed or stopped. Recovers what was committed. */
  async restart(): Promise<void> {
    try {
      await this.#control('start', '-l', this.address.logFile)
    } catch (error) {
      const log = await readFile(this.address.logFile, 'utf8').catch(() => '')
      throw new Error(`The server did not start: ${log}`, { cause: error })
    }
  }

  /** Makes a tablespace on a disk of its own that can be filled up. Linux, as root; see {@link SmallDisk.isPossible}. One per server. */
  async smallTablespace(name: string, megabytes: number): Promise<SmallDisk> {
    const folder = join(this.#setup.folder.path, 'disk')
    await mkdir(folder)
    const disk = new SmallDisk(megabytes, folder)
    const { account } = this.#setup
    const place = join(folder, 'tablespace')
    await mkdir(place)
    if (account !== undefined) await chown(place, account.uid, account.gid)
    await this.query(`CREATE TABLESPACE "${name}" LOCATION '${place}'`)
    return disk
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#setup.folder.remove()
  }

  // Of settings that stand there twice the last one counts.
  async #writePort(): Promise<void> {
    await appendFile(join(this.#setup.folder.path, 'data', 'postgresql.conf'), `port = ${this.address.port}\n`)
  }

  /** False where somebody else took the port, which another attempt may avoid. */
  async #starts(attempt: number): Promise<boolean> {
    try {
      await this.restart()
      return true
    } catch (error) {
      if (attempt < 5 && error instanceof Error && error.message.includes('in use')) return false
      throw error
    }
  }

  async #control(...parameters: readonly string[]): Promise<void> {
    const { programs, account, folder } = this.#setup
    const data = join(folder.path, 'data')
    await runProgram(join(programs, 'pg_ctl'), ['-D', data, '-w', '-s', ...parameters], {
      account,
      folder: folder.path,
    })
  }
}

interface Place {
  readonly folder: string
  readonly account: ServerAccount | undefined
}

const makeCluster = async (
  programs: string,
  { folder, account }: Place,
  options: PostgresOptions,
): Promise<Omit<PostgresAddress, 'port'>> => {
  const asServer = { account, folder }
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password)
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const identity = ['-U', 'dlt', `--pwfile=${passwordFile}`, '--auth-host=scram-sha-256', '--auth-local=scram-sha-256']
  const data = join(folder, 'data')
  await runProgram(
    join(programs, 'initdb'),
    ['-D', data, '--no-sync', '--no-locale', '-E', 'UTF8', ...identity],
    asServer,
  )
  const lines = Object.entries(settingsOf(options, folder))
  await appendFile(join(data, 'postgresql.conf'), lines.map(([name, value]) => `${name} = '${value}'\n`).join(''))
  if (options.tls !== undefined) await makeCertificate(asServer)
  if (options.tls === 'required') {
    await writeFile(join(data, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n')
  }
  return { host: 'localhost', user: 'dlt', password, logFile: join(folder, 'server.log') }
}

const makeCertificate = async (asServer: { readonly account: ServerAccount | undefined; readonly folder: string }) => {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'server.key']
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  await runProgram('openssl', ['req', '-x509', ...key, ...name, '-days', '30', '-out', 'server.crt'], asServer)
}

/** A process of the server that served a connection may end by itself at any moment. */
const killIfAlive = (process: number): void => {
  try {
    kill(process, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** A process that nobody has buried yet counts as dead: it holds nothing. */
const isAlive = async (process: number): Promise<boolean> => {
  const status = await readFile(`/proc/${process}/stat`, 'utf8').catch(() => undefined)
  return status !== undefined && !/\) [ZX] /.test(status)
}
