import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  createDatabase,
  declareMissing,
  missingPgBouncer,
  PostgresServer,
  psql,
  SmallDisk,
  sharedPostgres,
  startPgBouncer,
} from '../src/index.ts'

const shared = await sharedPostgres()
const missing = 'missing' in shared ? shared.missing : undefined
const withoutPooler = missing ?? (await missingPgBouncer())

declareMissing('Postgres', missing)
declareMissing('PgBouncer', withoutPooler)

describe.skipIf('missing' in shared)('the server of a test run', () => {
  test('gives each who asks a database of its own', async () => {
    if (!('address' in shared)) return
    const first = await createDatabase(shared.address)
    const second = await createDatabase(shared.address)
    await psql(first, 'CREATE TABLE here (a int)', 'INSERT INTO here VALUES (1), (2)')
    expect(await psql(first, 'SELECT a, -a FROM here ORDER BY a')).toBe('1|-1\n2|-2')
    await expect(psql(second, 'SELECT a FROM here')).rejects.toThrow('relation "here" does not exist')
  })

  test('is the same for all files, and does not write what only a lost machine needs', async () => {
    if (!('address' in shared)) return
    expect(await sharedPostgres()).toEqual(shared)
    const database = await createDatabase(shared.address)
    expect(await psql(database, 'SHOW fsync')).toBe('off')
  })

  test('refuses a wrong password', async () => {
    if (!('address' in shared)) return
    const database = await createDatabase(shared.address)
    await expect(psql({ ...database, password: 'other' }, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })
})

describe.skipIf(missing !== undefined)('a server of a test of its own', () => {
  test('keeps what was committed when it is killed, and loses what was not', async () => {
    await using server = await PostgresServer.start()
    await server.query('CREATE TABLE kept (a int)')
    const open = server.query('BEGIN', 'INSERT INTO kept VALUES (1)', 'SELECT pg_sleep(60)').catch(String)
    const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    await expect.poll(() => server.query(sleeping)).toBe('1')
    await server.query('CREATE TABLE also_kept (a int)')
    await server.kill()
    await expect(server.query('SELECT 1')).rejects.toThrow('Connection refused')
    expect(await open).toContain('server closed the connection unexpectedly')
    await server.restart()
    expect(await server.query('SELECT count(*) FROM kept', 'SELECT count(*) FROM also_kept')).toBe('0\n0')
  })

  test('refuses connections without TLS where it is required, and shows its certificate', async () => {
    await using server = await PostgresServer.start({ tls: 'required', settings: { log_statement: 'all' } })
    expect(await server.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe('t')
    expect(readFileSync(server.certificateFile, 'utf8')).toContain('BEGIN CERTIFICATE')
    expect(readFileSync(server.address.logFile, 'utf8')).toContain('pg_backend_pid()')
  })

  test.skipIf(!SmallDisk.isPossible())('has a tablespace that can be full', async () => {
    await using server = await PostgresServer.start()
    using _disk = await server.smallTablespace('small', 1)
    const tooMuch = 'CREATE TABLE large TABLESPACE small AS SELECT generate_series(1, 100000) AS a'
    await expect(server.query(tooMuch)).rejects.toThrow('No space left on device')
  })

  test('leaves nothing behind', async () => {
    const server = await PostgresServer.start()
    const folder = dirname(server.address.logFile)
    expect(existsSync(folder)).toBe(true)
    await server[Symbol.asyncDispose]()
    expect(existsSync(folder)).toBe(false)
    await expect(server.query('SELECT 1')).rejects.toThrow('Connection refused')
  })

  test.skipIf(withoutPooler !== undefined)(
    'is reached through a pooler, which changes connections between transactions',
    async () => {
      await using server = await PostgresServer.start({ durable: false })
      await using pooler = await startPgBouncer(server.address, { poolSize: 1 })
      const database = await createDatabase(pooler.address)
      expect(await psql(database, 'SELECT current_database()')).toBe(database.database)
    },
  )
})
