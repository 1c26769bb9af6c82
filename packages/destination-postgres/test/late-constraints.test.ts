import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, declareMissing, type PostgresDatabase, psql, sharedPostgres } from '@dlt/test-services'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, failure, PostgresDataset, partsOf, schemaOf } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

const columns = [column('id', 'bigint', { unique: true }), column('text', 'text')]
const schema = schemaOf({ items: { columns }, parts: { columns } })

/** More than 1 MB. */
const large = Array.from({ length: 20 }, (_, index) => [index, 'x'.repeat(60_000)] as const)
const small = [[1, 'small']] as const

/** Constraints with their tables, as everybody sees them. */
const constraintsOf = (database: PostgresDatabase): Promise<string> =>
  psql(
    database,
    `SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'data'::regnamespace AND contype = 'u' AND conrelid::regclass::text NOT LIKE '%_dlt%' ORDER BY 1, 2`,
  )

const asCreated = 'data.items|items_id_key|UNIQUE (id)\ndata.parts|parts_id_key|UNIQUE (id)'

const count = (database: PostgresDatabase, table: string): Promise<string> =>
  psql(database, `SELECT count(*) FROM data.${table}`)

/** Notes the tables that are altered from now on; `then` is run as often, with `number` counting up whatever is rolled back. */
const watchAlter = (database: PostgresDatabase, then = 'NULL;'): Promise<string> =>
  psql(
    database,
    'CREATE SEQUENCE public.altered',
    'CREATE TABLE public.seen (name text)',
    `CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE number bigint := nextval('public.altered');
      BEGIN INSERT INTO public.seen SELECT objid::regclass::text FROM pg_event_trigger_ddl_commands(); ${then} END $$`,
    "CREATE EVENT TRIGGER see ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION see()",
  )

const altered = (database: PostgresDatabase): Promise<string> => psql(database, 'SELECT name FROM public.seen')

describe.skipIf(address === undefined)('a large package for tables without rows', () => {
  if (address === undefined) return
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const prepared = async (ofSchema = schema) => {
    const database = await createDatabase(address)
    const dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(ofSchema)
    return { database, dataset }
  }

  test('is copied without the unique constraints, which are as they were afterwards', async () => {
    const { database, dataset } = await prepared()
    expect(await constraintsOf(database)).toBe(asCreated)
    await watchAlter(database)
    expect(await dataset.load('1', schema, { items: large, parts: small })).toMatchObject({ status: 'loaded' })
    // Dropped and added; the small table is left alone.
    expect(await altered(database)).toBe('data.items\ndata.items')
    expect(await constraintsOf(database)).toBe(asCreated)
    expect(await psql(database, 'SELECT count(*), sum(id) FROM data.items')).toBe('20|190')
    await dataset[Symbol.asyncDispose]()
  })

  test('is the only one: tables with rows keep their indexes', async () => {
    const { database, dataset } = await prepared()
    await dataset.load('1', schema, { items: [[-1, 'first']] })
    await watchAlter(database)
    expect(await dataset.load('2', schema, { items: large })).toMatchObject({ status: 'loaded' })
    expect(await altered(database)).toBe('')
    expect(await count(database, 'items')).toBe('21')
    await dataset[Symbol.asyncDispose]()
  })

  test('says which constraint its rows break, and loads nothing', async () => {
    const { database, dataset } = await prepared()
    const error = await failure(() => dataset.load('1', schema, { items: [...large, [3, 'again']] }))
    expect(error.message).toBe(
      'Table "items" could not get its constraint UNIQUE (id) back with the rows of load package "1": Postgres: could not create unique index "items_id_key" [23505].',
    )
    expect(error).toMatchObject({ kind: 'terminal', context: { table: 'items', loadId: '1', code: '23505' } })
    expect(await count(database, 'items')).toBe('0')
    expect(await constraintsOf(database)).toBe(asCreated)
    await dataset[Symbol.asyncDispose]()
  })

  test.each([
    ['before the rows are copied', 1],
    ['when the constraint is added', 2],
  ])('whose connection is cut %s is loaded once by the next attempt', async (_, moment) => {
    const { database, dataset } = await prepared()
    await watchAlter(
      database,
      `IF number = ${moment} THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); END IF;`,
    )
    expect(await dataset.load('1', schema, { items: large })).toMatchObject({ status: 'loaded' })
    // Copied rows leave pages behind when they are rolled back, so that the table counts as one with rows.
    expect(await psql(database, 'SELECT last_value FROM public.altered')).toBe(moment === 1 ? '3' : '2')
    expect(await count(database, 'items')).toBe('20')
    expect(await constraintsOf(database)).toBe(asCreated)
    await dataset[Symbol.asyncDispose]()
  })

  test('leaves tables as they were where it fails in between', async () => {
    const { database, dataset } = await prepared()
    await watchAlter(database, `IF number = 2 THEN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END IF;`)
    const error = await failure(() => dataset.load('1', schema, { items: large }))
    expect(error).toMatchObject({ kind: 'transient', context: { code: '53100' } })
    expect(await count(database, 'items')).toBe('0')
    expect(await constraintsOf(database)).toBe(asCreated)
    expect(await dataset.load('1', schema, { items: large })).toMatchObject({ status: 'loaded' })
    expect(await constraintsOf(database)).toBe(asCreated)
    await dataset[Symbol.asyncDispose]()
  })

  const keeping: readonly (readonly [string, readonly string[]])[] = [
    ['somebody depends on', ['CREATE TABLE data.more (id bigint REFERENCES data.items (id))']],
    ['has settings of its own', ['ALTER INDEX data.items_id_key SET (fillfactor = 50)']],
    ['has a comment', ["COMMENT ON CONSTRAINT items_id_key ON data.items IS 'ours'"]],
    [
      'tells rows apart in replication',
      [
        'ALTER TABLE data.items ALTER id SET NOT NULL',
        'ALTER TABLE data.items REPLICA IDENTITY USING INDEX items_id_key',
      ],
    ],
  ]

  test.each(keeping)('keeps a constraint that %s', async (_, statements) => {
    const { database, dataset } = await prepared()
    await psql(database, ...statements)
    const oid = "SELECT oid FROM pg_constraint WHERE conname = 'items_id_key'"
    const before = await psql(database, oid)
    expect(await dataset.load('1', schema, { items: large })).toMatchObject({ status: 'loaded' })
    expect(await psql(database, oid)).toBe(before)
    expect(await count(database, 'items')).toBe('20')
    await dataset[Symbol.asyncDispose]()
  })

  test('waits for nobody: where another transaction uses the table, constraints stay', async () => {
    const { database, dataset: usual } = await prepared()
    await usual[Symbol.asyncDispose]()
    const dataset = await PostgresDataset.open({ credentials: database.url, lockTimeout: 0 }, folder)
    await watchAlter(database)
    const other = new pg.Client({ connectionString: database.url })
    await other.connect()
    await other.query('BEGIN')
    await other.query('SELECT * FROM data.items')
    expect(await dataset.load('1', schema, { items: large })).toMatchObject({ status: 'loaded' })
    await other.query('COMMIT')
    await other.end()
    expect(await altered(database)).toBe('')
    expect(await count(database, 'items')).toBe('20')
    await dataset[Symbol.asyncDispose]()
  })

  test('is loaded by a role that may only insert', async () => {
    const { database, dataset } = await prepared()
    await dataset[Symbol.asyncDispose]()
    await psql(
      database,
      "CREATE ROLE inserter LOGIN PASSWORD 'p'",
      'GRANT USAGE ON SCHEMA data TO inserter',
      'GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA data TO inserter',
    )
    const credentials = partsOf(database, { username: 'inserter', password: 'p' })
    await using inserter = await PostgresDataset.open({ credentials }, folder)
    expect(await inserter.load('1', schema, { items: large })).toMatchObject({ status: 'loaded' })
    expect(await count(database, 'items')).toBe('20')
    expect(await constraintsOf(database)).toBe(asCreated)
  })

  test('is merged with the constraints in place', async () => {
    const merging = schemaOf({
      items: {
        writeDisposition: 'merge',
        columns: [column('id', 'bigint', { unique: true, primary_key: true }), column('text', 'text')],
      },
    })
    const { database, dataset } = await prepared(merging)
    await watchAlter(database)
    expect(await dataset.load('1', merging, { items: large })).toMatchObject({ status: 'loaded' })
    expect(await altered(database)).toBe('')
    await dataset[Symbol.asyncDispose]()
  })

  test('of several pipelines at once is loaded by all of them', async () => {
    const { database, dataset } = await prepared()
    const loads = Array.from({ length: 4 }, async (_, loader) => {
      await using one = await PostgresDataset.open({ credentials: database.url }, folder)
      const own = large.map(([id, text]) => [id + 100 * loader, text] as const)
      return await one.load(String(loader), schema, { items: own, parts: own })
    })
    for (const outcome of await Promise.all(loads)) expect(outcome).toMatchObject({ status: 'loaded' })
    expect(await count(database, 'items')).toBe('80')
    expect(await count(database, 'parts')).toBe('80')
    expect(await constraintsOf(database)).toBe(asCreated)
    await dataset[Symbol.asyncDispose]()
  })
})
