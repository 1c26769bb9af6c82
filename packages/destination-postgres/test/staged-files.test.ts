import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, declareMissing, psql, sharedPostgres } from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, failure, PostgresDataset, partsOf, schemaOf, withoutIds } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

const schema = schemaOf({
  items: { writeDisposition: 'replace', columns: [column('id', 'bigint'), column('text', 'text')] },
})
/** More than 32 MB. */
const rows = Array.from({ length: 340 }, (_, index) => [index, 'x'.repeat(100_000)] as const)
const emptied = { truncateTables: ['items'] }

describe.skipIf(address === undefined)('a large package that replaces a table', () => {
  if (address === undefined) return
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const prepared = async () => {
    const database = await createDatabase(address)
    const dataset = await PostgresDataset.open({ credentials: database.url }, folder)
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [[-1, 'old']] })
    const log = async () => psql(database, 'SELECT count(*), min(id), max(id) FROM data.items')
    const staging = async () => psql(database, "SELECT relname FROM pg_class WHERE relname LIKE '_dlt_staging%'")
    return { database, dataset, log, staging }
  }

  test('waits in a table of its own, which is gone afterwards', async () => {
    const { database, dataset, log, staging } = await prepared()
    await psql(
      database,
      'CREATE TABLE public.seen (name text)',
      `CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO public.seen SELECT objid::regclass::text FROM pg_event_trigger_ddl_commands(); END $$`,
      "CREATE EVENT TRIGGER see ON ddl_command_end WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION see()",
    )
    expect(await dataset.load('2', schema, { items: rows }, emptied)).toMatchObject({ status: 'loaded' })
    expect(await psql(database, 'SELECT name FROM public.seen')).toBe('data._dlt_staging_sample_2_1')
    expect(await log()).toBe('340|0|339')
    expect(await staging()).toBe('')
    await dataset.client[Symbol.asyncDispose]()
  })

  test('takes the place of what a killed load has left, and drops what is older than a day', async () => {
    const { database, dataset, log, staging } = await prepared()
    await psql(
      database,
      'CREATE UNLOGGED TABLE data._dlt_staging_sample_2_1 (a int)',
      'CREATE UNLOGGED TABLE data._dlt_staging_other_7_1 (a int)',
      "COMMENT ON TABLE data._dlt_staging_other_7_1 IS '2024-01-01T00:00:00.000Z'",
      'CREATE UNLOGGED TABLE data._dlt_staging_other_8_1 (a int)',
      `COMMENT ON TABLE data._dlt_staging_other_8_1 IS '${new Date().toISOString()}'`,
      'CREATE TABLE data._dlt_staging_mine (a int)',
    )
    expect(await dataset.load('2', schema, { items: rows }, emptied)).toMatchObject({ status: 'loaded' })
    expect(await log()).toBe('340|0|339')
    expect((await staging()).split('\n').sort()).toEqual(['_dlt_staging_mine', '_dlt_staging_other_8_1'])
    await dataset.client[Symbol.asyncDispose]()
  })

  test('says what is wrong with a file as a small one does, and leaves the old rows', async () => {
    const { dataset, log, staging } = await prepared()
    const broken = [...rows, ['secret731', 'a']]
    const error = await failure(() => dataset.load('2', schema, { items: broken }, emptied))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: invalid input syntax for type bigint (column "id") [22P02]. The first such row is row 341 of the file.',
    )
    expect(await log()).toBe('1|-1|-1')
    expect(await staging()).toBe('')
    await dataset.client[Symbol.asyncDispose]()
  })

  test('names the column that refuses a row when it is moved, and drops its table', async () => {
    const { database, dataset, log, staging } = await prepared()
    await psql(database, 'CREATE UNIQUE INDEX once ON data.items (id)')
    const error = await failure(() => dataset.load('2', schema, { items: [...rows, [0, 'a']] }, emptied))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: duplicate key value violates unique constraint "once" (column "id") [23505].',
    )
    expect(await log()).toBe('1|-1|-1')
    expect(await staging()).toBe('')
    await dataset.client[Symbol.asyncDispose]()
  })

  test('is copied directly where the role may not make tables', async () => {
    const { database, log } = await prepared()
    await psql(
      database,
      "CREATE ROLE filler LOGIN PASSWORD 'p'",
      'GRANT USAGE ON SCHEMA data TO filler',
      'GRANT SELECT, INSERT, TRUNCATE ON ALL TABLES IN SCHEMA data TO filler',
    )
    await using filler = await PostgresDataset.open(
      { credentials: partsOf(database, { username: 'filler', password: 'p' }) },
      folder,
    )
    expect(await filler.load('2', schema, { items: rows }, emptied)).toMatchObject({ status: 'loaded' })
    expect(await log()).toBe('340|0|339')
  })
})
