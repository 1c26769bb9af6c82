import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DestinationClient, DestinationError } from '@dlt/destination'
import {
  createDatabase,
  databaseAt,
  declareMissing,
  PostgresServer,
  psql,
  SmallDisk,
  sharedPostgres,
} from '@dlt/test-services'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CuttingProxy, type Verdict } from './cutting-proxy.ts'
import { column, failure, PostgresDataset, partsOf, schemaOf, withoutIds } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

const schema = schemaOf({ items: { columns: [column('id', 'bigint'), column('text', 'text')] } })
const rows = Array.from({ length: 20_000 }, (_, index) => [index, 'x'.repeat(200)] as const)
/** Machines that test are busy. */
const patience = { timeout: 30_000 }
const counts = 'SELECT (SELECT count(*) FROM data.items), (SELECT count(*) FROM data._dlt_loads)'

describe.skipIf(address === undefined)('a load', () => {
  if (address === undefined) return
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** A dataset behind a proxy that passes everything on, its schema in place. */
  const behindProxy = async () => {
    const database = await createDatabase(address)
    const proxy = await CuttingProxy.start(database.port)
    const credentials = partsOf(database, { host: '127.0.0.1', port: proxy.port })
    const dataset = await PostgresDataset.open({ credentials }, folder)
    await dataset.prepare(schema)
    return { database, proxy, dataset }
  }

  /** The verdict once, for the first piece in which some bytes stand. */
  const onceFor = (text: string, verdict: Verdict) => {
    let isDone = false
    return (piece: Buffer): Verdict => {
      if (isDone || !piece.includes(text)) return 'pass'
      isDone = true
      return verdict
    }
  }

  test.each([
    ['the answer to its commit is lost', 'lose-answer'],
    ['its commit does not arrive', 'lose-message'],
  ] as const)('is there once where %s', async (_title, verdict) => {
    const { database, proxy, dataset } = await behindProxy()
    // The statement as the protocol ends it; READ COMMITTED stands in the one that begins.
    proxy.judge(onceFor('COMMIT\0', verdict))
    const outcome = await dataset.load('1', schema, { items: rows })
    expect(outcome).toMatchObject({ status: 'loaded', jobs: [{ rowCount: 20_000 }] })
    expect(await psql(database, counts)).toBe('20000|1')
    expect(await dataset.load('1', schema, { items: rows })).toEqual({ status: 'already-loaded', jobs: [] })
    await dataset.client[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  test('is there once where the connection breaks in the middle of a file', async () => {
    const { database, proxy, dataset } = await behindProxy()
    let bytes = 0
    proxy.judge((piece) => {
      bytes += piece.length
      return bytes > 2_000_000 && bytes - piece.length <= 2_000_000 ? 'lose-message' : 'pass'
    })
    expect(await dataset.load('1', schema, { items: rows })).toMatchObject({ status: 'loaded' })
    expect(bytes).toBeGreaterThan(6_000_000)
    expect(await psql(database, counts)).toBe('20000|1')
    await dataset.client[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  test('gives up a connection that always breaks, and can be tried again', async () => {
    const { database, proxy, dataset } = await behindProxy()
    proxy.judge((piece) => (piece.includes('COPY') ? 'lose-message' : 'pass'))
    const error = await failure(() => dataset.load('1', schema, { items: rows }))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": The connection to Postgres broke. What was not committed is rolled back, and can be loaded again.',
    )
    expect(DestinationError.is(error, 'transient')).toBe(true)
    expect(await psql(database, counts)).toBe('0|0')
    proxy.judge(() => 'pass')
    expect(await dataset.load('1', schema, { items: rows })).toMatchObject({ status: 'loaded' })
    await dataset.client[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  test('waits at its beginning for a server that starts again', async () => {
    await using server = await PostgresServer.start()
    const open = () => PostgresDataset.open({ credentials: databaseAt(server.address, 'postgres').url }, folder)
    const before = await open()
    await before.prepare(schema)
    await before.client[Symbol.asyncDispose]()
    await server.stop()
    const opening = open()
    await server.restart()
    await using dataset = await opening
    expect(await dataset.load('1', schema, { items: rows.slice(0, 10) })).toMatchObject({ status: 'loaded' })
  })

  test('begins although the first connections break', async () => {
    const database = await createDatabase(address)
    await using proxy = await CuttingProxy.start(database.port)
    let cuts = 0
    proxy.judge(() => {
      cuts += 1
      return cuts <= 3 ? 'lose-message' : 'pass'
    })
    const credentials = partsOf(database, { host: '127.0.0.1', port: proxy.port })
    await using dataset = await PostgresDataset.open({ credentials }, folder)
    expect(await dataset.client.hasDataset()).toBe(false)
    expect(cuts).toBeGreaterThan(3)
  })

  const inPlace = { changes: [], differentTypes: [], refused: [] }

  test.each<[string, (client: DestinationClient) => unknown, string, unknown]>([
    ['whether there is a dataset', (client) => client.hasDataset(), 'pg_namespace', true],
    ['for the state', (client) => client.storedState('sample'), '_dlt_pipeline_state', undefined],
    ['for a schema', (client) => client.storedSchema('none'), '_dlt_version', undefined],
    ['whether a package is loaded', (client) => client.isLoaded('1', 'sample'), '_dlt_loads', false],
    ['whether a schema is stored', (client) => client.updateSchema(schema, ['items']), '_dlt_version', []],
    ['what an update would do', (client) => client.compareSchema?.(schema, ['items']), 'pg_attribute', inPlace],
  ])('asks again %s where the connection breaks', async (_question, ask, text, answer) => {
    const { proxy, dataset } = await behindProxy()
    let cuts = 0
    proxy.judge((piece) => {
      if (cuts === 2 || !piece.includes(text)) return 'pass'
      cuts += 1
      return 'lose-answer'
    })
    expect(await ask(dataset.client)).toEqual(answer)
    expect(cuts).toBe(2)
    await dataset.client[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  // A table that is not logged is empty after a crash: what is loaded again is not slow any more.
  const slowness = [
    'CREATE UNLOGGED TABLE public.slowness AS SELECT 1',
    'CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10) FROM public.slowness; RETURN NEW; END $$',
  ]
  const active = (query: string): string =>
    `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '${query}%'`

  test.each([
    [
      'a file is copied',
      [...slowness, 'CREATE TRIGGER slow BEFORE INSERT ON data.items FOR EACH ROW EXECUTE FUNCTION slow()'],
      active('COPY'),
    ],
    [
      'its commit begins',
      [
        ...slowness,
        'CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON data.items DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()',
      ],
      active('COMMIT'),
    ],
    [
      'its commit is written and not answered',
      // A commit of a session that begins from now on waits for a second server, which there is not.
      ["ALTER DATABASE postgres SET synchronous_commit = 'on'"],
      `${active('COMMIT')} AND wait_event = 'SyncRep'`,
    ],
  ])('is there once where the server dies while %s, and comes back', async (_title, preparation, isReached) => {
    const settings = { synchronous_standby_names: 'nobody', synchronous_commit: 'local' }
    await using server = await PostgresServer.start({ settings })
    const database = databaseAt(server.address, 'postgres')
    await using before = await PostgresDataset.open({ credentials: database.url }, folder)
    await before.prepare(schema)
    await psql(database, ...preparation)
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    const load = () => dataset.load('1', schema, { items: rows.slice(0, 10) })
    const loading = load().catch((error: unknown) => error)
    await expect.poll(() => server.query(isReached), patience).toBe('1')
    await server.kill()
    await server.restart()
    const first = await loading
    // A server that took longer than the patience of a load: the next run loads the package.
    if (first instanceof Error) expect(DestinationError.is(first, 'transient')).toBe(true)
    expect(first instanceof Error ? await load() : first).toHaveProperty('status', expect.stringMatching(/loaded$/))
    expect(await psql(database, counts)).toBe('10|1')
  })

  /** How often the server has given up to wait for a lock. */
  const timeouts = async (): Promise<number> =>
    (await readFile(address.logFile, 'utf8')).split('canceling statement due to lock timeout').length

  test('waits for a table that somebody has locked, and says so where that takes too long', async () => {
    const database = await createDatabase(address)
    await using dataset = await PostgresDataset.open({ credentials: database.url, lockTimeout: 20 }, folder)
    await dataset.prepare(schema)
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query('BEGIN; LOCK TABLE data.items')
    const error = await failure(() => dataset.load('1', schema, { items: rows.slice(0, 1) }))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: canceling statement due to lock timeout [55P03]. Another transaction holds a lock on a table for longer than "lockTimeout". Wait for it, or end it, then run again.',
    )
    expect(DestinationError.is(error, 'transient')).toBe(true)
    const before = await timeouts()
    const loading = dataset.load('1', schema, { items: rows.slice(0, 1) })
    await expect.poll(timeouts, patience).toBeGreaterThan(before)
    await other.query('COMMIT')
    await other.end()
    expect(await loading).toMatchObject({ status: 'loaded' })
    expect(await psql(database, counts)).toBe('1|1')
  })

  test('of a table that readers use changes its schema as soon as they are done', async () => {
    const database = await createDatabase(address)
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    const reader = new pg.Client({ connectionString: database.url })
    await reader.connect()
    await reader.query('BEGIN; SELECT * FROM data.items')
    const wider = schemaOf({ items: { columns: [column('id', 'bigint'), column('more', 'bool')] } })
    const changing = dataset.prepare(wider)
    const waiting =
      'SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())'
    await expect.poll(() => psql(database, waiting), patience).toBe('1')
    await reader.query('COMMIT')
    await reader.end()
    await changing
    expect(
      await psql(database, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'data.items'::regclass AND attnum > 0"),
    ).toBe('3')
  })

  test.skipIf(!SmallDisk.isPossible())('loses nothing on a full disk, and goes on when there is space', async () => {
    await using server = await PostgresServer.start({ durable: false })
    using disk = await server.smallTablespace('small', 4)
    const database = databaseAt(server.address, 'postgres')
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    await psql(database, 'ALTER TABLE data.items SET TABLESPACE small')
    await dataset.load('1', schema, { items: rows.slice(0, 10) })
    disk.fill()
    const error = await failure(() => dataset.load('2', schema, { items: rows.slice(0, 5000) }))
    expect(error.message).toMatch(
      /^The file "items\.[0-9a-f]+\.tsv" could not be loaded into table "items": Postgres: could not extend file ".*": No space left on device \[53100\]\. Free some space on the disk of the server, then run again\./,
    )
    expect(DestinationError.is(error, 'transient')).toBe(true)
    disk.free()
    expect(await dataset.load('2', schema, { items: rows.slice(0, 5000) })).toMatchObject({ status: 'loaded' })
    expect(await psql(database, counts)).toBe('5010|2')
  })

  test.each([
    ['a trigger', 'CREATE TRIGGER refuse BEFORE INSERT ON data.items FOR EACH ROW EXECUTE FUNCTION refuse()'],
    ['a rule', 'CREATE RULE refuse AS ON INSERT TO data.items WHERE NEW.id > 1 DO INSTEAD NOTHING'],
  ])('loses no rows that %s of the table keeps away', async (_title, statement) => {
    const database = await createDatabase(address)
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    const keyed = [column('id', 'bigint', { primary_key: true }), column('text', 'text')]
    const merged = schemaOf({ items: { columns: keyed, writeDisposition: 'merge' } })
    await dataset.prepare(merged)
    await dataset.load('1', merged, { items: rows.slice(0, 3) })
    await psql(
      database,
      'CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id > 1 THEN RETURN NULL; END IF; RETURN NEW; END $$',
      statement,
    )
    const error = await failure(() => dataset.load('2', merged, { items: rows.slice(0, 4) }))
    expect(error.message).toBe(
      'Table "items" was to get 4 rows, and 2 arrived. Nothing was loaded. Look for triggers or rules of the table that keep rows away.',
    )
    expect(DestinationError.is(error, 'terminal')).toBe(true)
    expect(await psql(database, counts)).toBe('3|1')
  })

  test('creates what somebody has dropped, and keeps what somebody has added', async () => {
    const database = await createDatabase(address)
    await using dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [[1, 'a']] })
    await psql(
      database,
      'ALTER TABLE data.items ADD COLUMN mine int DEFAULT 7',
      'ALTER TABLE data.items DROP COLUMN text',
    )
    const outcome = await dataset.load('2', schema, { items: [[2, 'b']] })
    expect(outcome.recreated?.map(({ tableName, columns }) => [tableName, columns.map(({ name }) => name)])).toEqual([
      ['items', ['text']],
    ])
    await psql(database, 'DROP TABLE data.items')
    expect((await dataset.load('3', schema, { items: [[3, 'c']] })).recreated?.[0]).toMatchObject({ created: true })
    await psql(database, 'ALTER TABLE data.items ALTER COLUMN id TYPE varchar')
    expect(await dataset.load('4', schema, { items: [[4, 'd']] })).toMatchObject({ status: 'loaded' })
    await psql(database, 'ALTER TABLE data.items ALTER COLUMN text TYPE int USING 0')
    const error = await failure(() => dataset.load('5', schema, { items: [[5, 'secret731']] }))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: invalid input syntax for type integer (column "text") [22P02]. The first such row is row 1 of the file.',
    )
    expect(await psql(database, 'SELECT id, text FROM data.items ORDER BY id')).toBe('3|0\n4|0')
  })
})
