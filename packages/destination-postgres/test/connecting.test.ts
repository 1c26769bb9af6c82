import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import { createDatabase, declareMissing, PostgresServer, psql, sharedPostgres } from '@dlt/test-services'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { PostgresCredentials } from '../src/index.ts'
import { column, failure, PostgresDataset, schemaOf } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
const ssl = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'

describe.skipIf(address === undefined)('connecting', () => {
  if (address === undefined) return
  let folder: string
  let secured: PostgresServer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
    secured = await PostgresServer.start({ durable: false, tls: 'offered' })
    // Neither certificates nor passwords of the user who runs the tests.
    vi.stubEnv('HOME', folder)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await secured[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.stubEnv('HOME', folder)
  })

  const refusal = async (credentials: PostgresCredentials): Promise<DestinationError> => {
    const error = await failure(async () => {
      await using dataset = await PostgresDataset.open({ credentials }, folder)
      await dataset.client.hasDataset()
    })
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('secret731')
    if (!DestinationError.is(error)) throw error
    return error
  }

  /** Whether a connection is encrypted. */
  const isEncrypted = async (credentials: PostgresCredentials): Promise<unknown> => {
    await using dataset = await PostgresDataset.open({ credentials }, folder)
    const reader = dataset.client.reader?.()
    for await (const { columns } of reader?.read({ sql: ssl, parameters: [] }) ?? []) return columns[0]?.values[0]
    return undefined
  }

  test('says what is wrong, and shows no password', async () => {
    const { url, database, port, host } = await createDatabase(address)
    const parts = new URL(url)
    parts.password = 'secret731'
    expect((await refusal(parts.href)).message).toBe(
      `Postgres at postgresql://${host}:${port}/${database} cannot be reached: the password of the role "dlt" is wrong. Correct the credentials.`,
    )
    const other = await refusal(url.replace(database, 'nowhere'))
    expect(other.message).toBe(
      `Postgres at postgresql://${host}:${port}/nowhere cannot be reached: there is no database "nowhere". Create it, or correct the credentials.`,
    )
    expect(other.kind).toBe('terminal')
    // Tried again for some seconds: the server may be about to start, and an unknown name may be the network.
    const [refused, unknown] = await Promise.all([
      refusal('postgresql://u:secret731@127.0.0.1:1/d'),
      refusal('postgresql://u:secret731@nowhere.invalid/d'),
    ])
    expect(refused.message).toBe(
      'Postgres at postgresql://127.0.0.1:1/d cannot be reached: nobody listens there. Start the server, or correct host and port.',
    )
    expect(refused.kind).toBe('transient')
    expect(unknown.message).toBe(
      'Postgres at postgresql://nowhere.invalid:5432/d cannot be reached: the name of its host is not known. Correct it, or the network.',
    )
  })

  test('gives up a server that does not answer', async () => {
    let connections = 0
    const silent = createServer(() => {
      connections += 1
    }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const listening = silent.address()
    const port = typeof listening === 'object' ? listening?.port : undefined
    const error = await refusal({ host: '127.0.0.1', port: port ?? 0, database: 'd', username: 'u', connectTimeout: 1 })
    silent.close()
    expect(error.message).toBe(
      `Postgres at postgresql://127.0.0.1:${port}/d cannot be reached: no answer came within 1 seconds. Correct host and port, or set "connectTimeout" higher.`,
    )
    // It was waited for once, and not for each of several tries.
    expect(connections).toBe(1)
  })

  test('takes the server from the environment and the password from the password file', async () => {
    const { host, port, user, password, database } = await createDatabase(address)
    const file = join(folder, 'passwords')
    const lines = [
      '# host:port:database:user:password',
      'other:*:*:*:wrong',
      `${host}:${port}:a\\:b:${user}:wrong`,
      `*:${port}:${database}:${user}:${password}`,
      '*:*:*:*:wrong',
    ]
    await writeFile(file, lines.join('\n'))
    await chmod(file, 0o644)
    vi.stubEnv('PGHOST', host)
    vi.stubEnv('PGPORT', String(port))
    vi.stubEnv('PGUSER', user)
    vi.stubEnv('PGDATABASE', database)
    const without = await refusal({})
    expect(without.message).toBe(
      `Postgres at postgresql://${host}:${port}/${database} cannot be reached: the server asks for a password, and there is none. Give one, or add a line to the password file.`,
    )
    vi.stubEnv('PGPASSFILE', file)
    const open = await failure(() => PostgresDataset.open({}, folder))
    expect(open.message).toBe(
      `The password file "${file}" can be read by other users, so that it is not used. Change that: chmod 600 "${file}"`,
    )
    await chmod(file, 0o600)
    await using dataset = await PostgresDataset.open({}, folder)
    expect(await dataset.client.hasDataset()).toBe(false)
  })

  test.each([
    ['disable', false],
    ['allow', false],
    ['prefer', true],
    ['require', true],
  ])('sslmode %s', async (mode, encrypted) => {
    const { url } = await secured.createDatabase()
    expect(await isEncrypted(`${url}?sslmode=${mode}`)).toBe(encrypted)
    // The other server has no TLS.
    const plain = await createDatabase(address)
    if (mode === 'require')
      expect((await refusal(`${plain.url}?sslmode=require`)).message).toContain(
        'cannot be reached: the server has no TLS, and "sslmode" is "require". Set it up there, or choose another "sslmode".',
      )
    else expect(await isEncrypted(`${plain.url}?sslmode=${mode}`)).toBe(false)
  })

  test.each(['verify-ca', 'verify-full'])('sslmode %s trusts only who is named', async (mode) => {
    const { url } = await secured.createDatabase()
    const refused = await refusal(`${url}?sslmode=${mode}`)
    expect(refused.message).toContain(
      `cannot be reached: the server's certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT), and "sslmode" is "${mode}". Name the file of its authority by "sslrootcert", or choose another "sslmode".`,
    )
    expect(refused.kind).toBe('terminal')
    expect(await isEncrypted(`${url}?sslmode=${mode}&sslrootcert=${secured.certificateFile}`)).toBe(true)
  })

  test('verify-full compares the name of the host, also where it is an address, and verify-ca does not', async () => {
    const { url } = await secured.createDatabase()
    const byAddress = url.replace('@localhost:', '@127.0.0.1:')
    const trusted = `sslrootcert=${secured.certificateFile}`
    expect((await refusal(`${byAddress}?sslmode=verify-full&${trusted}`)).message).toContain(
      "the server's certificate was made for another host (ERR_TLS_CERT_ALTNAME_INVALID). Connect by the name that stands in it.",
    )
    expect(await isEncrypted(`${byAddress}?sslmode=verify-ca&${trusted}`)).toBe(true)
    expect((await refusal(`${url}?ssl=true`)).message).toContain('(DEPTH_ZERO_SELF_SIGNED_CERT)')
  })

  test('require checks the certificate where an authority is named', async () => {
    const { url } = await secured.createDatabase()
    const other = join(folder, 'other.crt')
    await writeFile(other, '')
    expect((await refusal(`${url}?sslmode=require&sslrootcert=${other}`)).message).toContain('is not trusted')
    expect(await isEncrypted(`${url}?sslmode=require&sslrootcert=${secured.certificateFile}`)).toBe(true)
  })

  test('names a file of a certificate that is not there', async () => {
    const { url } = await secured.createDatabase()
    const error = await failure(async () => {
      await using _dataset = await PostgresDataset.open(
        { credentials: `${url}?sslmode=verify-full&sslrootcert=/no/such.crt` },
        folder,
      )
    })
    expect(error.message).toBe(
      'The file "/no/such.crt", which the Postgres credentials name for TLS, cannot be read (ENOENT). Correct its path or its permissions.',
    )
  })

  test('goes through the socket of the same machine', async () => {
    const { user, password, database, port, logFile } = await createDatabase(address)
    const host = join(logFile, '..')
    await using dataset = await PostgresDataset.open(
      { credentials: { host, port, username: user, password, database, query: { sslmode: 'require' } } },
      folder,
    )
    expect(await dataset.client.hasDataset()).toBe(false)
  })

  test('uses a pool of the caller, and leaves it open', async () => {
    const database = await createDatabase(address)
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    {
      await using dataset = await PostgresDataset.open({ credentials: pool }, folder)
      await dataset.prepare(schema)
      await dataset.load('1', schema, { items: [[1], [2]] })
    }
    expect((await pool.query('SELECT count(*)::int AS rows FROM data.items')).rows).toEqual([{ rows: 2 }])
    expect(pool.idleCount).toBe(1)
    await pool.end()
  })

  test('says what is wrong with a pool of the caller', async () => {
    const { url } = await createDatabase(address)
    const ended = new pg.Pool({ connectionString: url })
    await ended.end()
    expect(await refusal(ended)).toMatchObject({
      message:
        'The Pool of the Postgres credentials gives no connection: it was ended. Keep it open until the pipeline is closed.',
      kind: 'terminal',
    })
    const taken = new pg.Pool({ connectionString: url, max: 1 })
    const client = await taken.connect()
    taken.options.connectionTimeoutMillis = 50
    expect(await refusal(taken)).toMatchObject({
      message:
        'The Pool of the Postgres credentials gives no connection: none became free in time. Set its "max" or its "connectionTimeoutMillis" higher.',
      kind: 'transient',
    })
    client.release()
    await taken.end()
    const mistrustful = new pg.Pool({ connectionString: (await secured.createDatabase()).url, ssl: true })
    expect(await refusal(mistrustful)).toMatchObject({
      message:
        'The Pool of the Postgres credentials gives no connection: the server\'s certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Its option "ssl" says what is trusted.',
      kind: 'terminal',
    })
    await mistrustful.end()
  })

  test.each(['prefer', 'require'])('channel_binding %s proves that nobody stands between', async (binding) => {
    const { url } = await secured.createDatabase()
    expect(await isEncrypted(`${url}?sslmode=require&channel_binding=${binding}`)).toBe(true)
  })

  test('channel_binding require refuses a server that proves nothing', async () => {
    const { url } = await secured.createDatabase()
    const words =
      'the server does not bind the connection to its certificate, and "channel_binding" is "require". Encrypt the connection ("sslmode"), go around what stands between, or choose "prefer".'
    expect((await refusal(`${url}?sslmode=disable&channel_binding=require`)).message).toContain(words)
    // Whoever lets in without a password, or asks for it in clear text, proves nothing either.
    for (const method of ['trust', 'password']) {
      await using server = await PostgresServer.start({ durable: false, tls: 'offered' })
      const { logFile, port, user, password } = server.address
      await writeFile(join(logFile, '..', 'data', 'pg_hba.conf'), `local all all trust\nhost all all all ${method}\n`)
      const login = { host: join(logFile, '..'), port, user, password, database: 'postgres' }
      const local = new pg.Client(login)
      await local.connect()
      await local.query('SELECT pg_reload_conf()')
      await expect
        .poll(async () => (await local.query('SELECT count(*)::int AS lines FROM pg_hba_file_rules')).rows)
        .toEqual([{ lines: 2 }])
      await local.end()
      const address = `postgresql://dlt:secret731@localhost:${port}/postgres?sslmode=require&channel_binding=require`
      expect((await refusal(address)).message).toContain(words)
    }
  })

  test('goes on after somebody has ended its connections', async () => {
    const database = await createDatabase(address)
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    await psql(
      database,
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    expect(await dataset.load('1', schema, { items: [[1]] })).toMatchObject({ status: 'loaded' })
    await dataset.client[Symbol.asyncDispose]()
    expect((await failure(() => dataset.client.hasDataset())).message).toBe(
      'The Postgres client is closed. Connect again.',
    )
  })

  test('leaves nothing in its sessions', async () => {
    const database = await createDatabase(address)
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    const settings = async () =>
      (await pool.query("SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name")).rows
    const before = await settings()
    await using dataset = await PostgresDataset.open({ credentials: pool }, folder)
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [[1]] })
    expect(await settings()).toEqual(before)
    expect(
      (await pool.query('SELECT count(*)::int AS n FROM pg_locks WHERE locktype = $1', ['advisory'])).rows,
    ).toEqual([{ n: 0 }])
    await pool.end()
  })
})
