import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import { createDatabase, databaseAt, declareMissing, psql, sharedPostgres } from '@dlt/test-services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { column, failure, PostgresDataset, partsOf, schemaOf, withoutIds } from './postgres-dataset.ts'

const shared = await sharedPostgres()
declareMissing('Postgres', 'missing' in shared ? shared.missing : undefined)
const address = 'address' in shared ? shared.address : undefined

/** What no message may hold. */
const secret = 'secret731'

describe.skipIf(address === undefined)('an error of Postgres', () => {
  if (address === undefined) return
  let folder: string
  let database = databaseAt(address, 'postgres')
  let datasets = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlt-postgres-'))
    database = await createDatabase(address)
  })
  afterAll(() => rm(folder, { recursive: true }))

  const open = (options = {}): Promise<PostgresDataset> => {
    datasets += 1
    return PostgresDataset.open({ credentials: database.url, ...options }, folder, `data_${datasets}`)
  }

  const loadError = async (value: ColumnSchema, cells: readonly (string | null)[]): Promise<Error> => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint'), value] } })
    await dataset.prepare(schema)
    const error = await failure(() => dataset.load('1', schema, { items: cells.map((cell, index) => [index, cell]) }))
    expect(await psql(database, `SELECT count(*) FROM ${dataset.client.datasetName}.items`)).toBe('0')
    return error
  }

  const value = (type: NonNullable<ColumnSchema['data_type']>, more: Parameters<typeof column>[2] = {}) =>
    column('value', type, more)

  test.each<[string, ColumnSchema, readonly (string | null)[], string]>([
    [
      'no integer',
      value('bigint'),
      ['1', secret],
      'Postgres: invalid input syntax for type bigint (column "value") [22P02]. The first such row is row 2 of the file.',
    ],
    [
      'an integer that is too large',
      value('bigint'),
      ['7317317317317317317317'],
      'Postgres: value … is out of range for type bigint (column "value") [22003]. The first such row is row 1 of the file.',
    ],
    [
      'an integer that is too large for its precision',
      value('bigint', { precision: 16 }),
      ['73173'],
      'Postgres: value … is out of range for type smallint (column "value") [22003]. The first such row is row 1 of the file.',
    ],
    [
      'too many digits',
      value('decimal', { precision: 4, scale: 2 }),
      ['7317.31'],
      'Postgres: numeric field overflow (column "value") [22003]. The first such row is row 1 of the file.',
    ],
    [
      'a text that is too long',
      value('text', { precision: 3 }),
      [secret],
      'Postgres: value too long for type character varying(3) (column "value") [22001]. The first such row is row 1 of the file.',
    ],
    [
      'no day',
      value('date'),
      ['7310-31-73'],
      'Postgres: date/time field value out of range (column "value") [22008]. The first such row is row 1 of the file.',
    ],
    [
      'no date',
      value('date'),
      [secret],
      'Postgres: invalid input syntax for type date (column "value") [22007]. The first such row is row 1 of the file.',
    ],
    [
      'no timestamp',
      value('timestamp'),
      [secret],
      'Postgres: invalid input syntax for type timestamp with time zone (column "value") [22007]. The first such row is row 1 of the file.',
    ],
    [
      'no boolean',
      value('bool'),
      [secret],
      'Postgres: invalid input syntax for type boolean (column "value") [22P02]. The first such row is row 1 of the file.',
    ],
    [
      'no number',
      value('double'),
      [secret],
      'Postgres: invalid input syntax for type double precision (column "value") [22P02]. The first such row is row 1 of the file.',
    ],
    [
      'no JSON',
      value('json'),
      [`{"${secret}": }`],
      'Postgres: invalid input syntax for type json (column "value") [22P02]. The first such row is row 1 of the file.',
    ],
    [
      'no bytes',
      value('binary'),
      [`\\\\x${secret}`],
      'Postgres: an error whose text may show values (column "value") [22023]. The first such row is row 1 of the file.',
    ],
    [
      'a null where there must be none',
      value('text', { nullable: false }),
      ['a', null],
      'Postgres: null value in column "value" of relation "items" violates not-null constraint (column "value") [23502]. The first such row is row 2 of the file.',
    ],
    [
      'a unique value that comes twice',
      value('text', { unique: true }),
      [secret, secret],
      'Postgres: duplicate key value violates unique constraint "items_value_key" (column "value") [23505]. The first such row is row 2 of the file.',
    ],
    [
      'the character U+0000 in a text',
      value('text'),
      ['a', `${secret}\0`],
      'Postgres: invalid byte sequence for encoding "UTF8" [22021]. Postgres texts cannot hold the character U+0000: remove it from the data. The first such row is row 2 of the file, and the column is "value".',
    ],
    [
      'the character U+0000 in JSON',
      value('json'),
      [`"${secret}\\\\u0000"`],
      'Postgres: unsupported Unicode escape sequence (column "value") [22P05]. Postgres cannot hold the character U+0000, neither in text nor in JSON: remove it from the data. The first such row is row 1 of the file.',
    ],
    [
      'a line with too many values',
      value('text'),
      [`a\t${secret}`],
      'Postgres: extra data after last expected column [22P04]. The first such row is row 1 of the file.',
    ],
  ])('names %s, the column and the row, and no value', async (_title, tableColumn, cells, message) => {
    const error = await loadError(tableColumn, cells)
    expect(withoutIds(error)).toBe(`The file "items.tsv" could not be loaded into table "items": ${message}`)
    expect(DestinationError.is(error, 'terminal')).toBe(true)
    expect(withoutIds({ message: JSON.stringify(error) })).not.toContain('731')
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
      const shown = withoutIds({ message: `${cause.message}${cause.stack}${JSON.stringify(cause)}` })
      expect(shown).not.toMatch(/731\d|secret/)
    }
  })

  test('of a trigger shows nothing of what it says', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    const { datasetName } = dataset.client
    await psql(
      database,
      `CREATE FUNCTION ${datasetName}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no %', NEW.id; END $$`,
      `CREATE TRIGGER refuse BEFORE INSERT ON ${datasetName}.items FOR EACH ROW EXECUTE FUNCTION ${datasetName}.refuse()`,
    )
    const error = await failure(() => dataset.load('1', schema, { items: [[731]] }))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: an error raised by a trigger or a function [P0001]. The first such row is row 1 of the file.',
    )
  })

  test('of a check shows its name', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    await psql(database, `ALTER TABLE ${dataset.client.datasetName}.items ADD CONSTRAINT small CHECK (id < 700)`)
    const error = await failure(() => dataset.load('1', schema, { items: [[731]] }))
    expect(withoutIds(error)).toBe(
      'The file "items.tsv" could not be loaded into table "items": Postgres: new row for relation "items" violates check constraint "small" [23514]. The first such row is row 1 of the file.',
    )
  })

  test('of a file that is gone names it', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    const job = { jobId: 'items.1.tsv', tableName: 'items', format: 'tsv', rowCount: 1, columns: ['id'] } as const
    const path = join(folder, 'gone.tsv')
    const request = { loadId: '1', schema, truncateTables: [] }
    expect((await failure(() => dataset.client.load({ ...request, jobs: [{ ...job, path }] }))).message).toBe(
      `The file "items.1.tsv" could not be loaded into table "items": The file "${path}" cannot be read.`,
    )
    const unreadable = await failure(() => dataset.client.load({ ...request, jobs: [{ ...job, path: folder }] }))
    expect(unreadable.message).toContain('EISDIR')
    expect(await dataset.load('1', schema, { items: [[1]] })).toMatchObject({ status: 'loaded' })
  })

  test('of 1,601 columns says how many there may be, and 1,600 are made', async () => {
    await using dataset = await open()
    const columns = (count: number) => Array.from({ length: count }, (_, index) => column(`c${index}`, 'bool'))
    const schema = schemaOf({ items: { columns: columns(1600) } })
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [columns(1600).map(() => 'true')] })
    const { datasetName } = dataset.client
    expect(await psql(database, `SELECT count(*) FROM ${datasetName}.items WHERE c0 AND c1599`)).toBe('1')
    const wider = await failure(() => dataset.prepare(schemaOf({ items: { columns: columns(1601) } })))
    const words =
      'Postgres: tables can have at most 1600 columns [54011]. Postgres tables have at most 1,600 columns: set "max_table_nesting" lower so that objects stay JSON, or split the table.'
    expect(wider.message).toBe(words)
    expect(DestinationError.is(wider, 'terminal')).toBe(true)
    expect((await failure(() => dataset.prepare(schemaOf({ others: { columns: columns(1601) } })))).message).toBe(words)
  })

  test('of a name with more than 63 bytes says so before anything is made', async () => {
    await using dataset = await open()
    const name = 'é'.repeat(32)
    const messages = await Promise.all(
      [
        schemaOf({ items: { columns: [column(name, 'bool')] } }),
        schemaOf({ [name]: { columns: [column('a', 'bool')] } }),
      ].map(async (schema) => (await failure(() => dataset.prepare(schema))).message),
    )
    const remedy =
      'has 64 bytes in UTF-8, and the destination takes at most 63. Give it a shorter name, or use a naming convention that leaves only letters of one byte, such as "snake_case".'
    expect(messages).toEqual([
      `The name of column "${name}" of table "items" ${remedy}`,
      `The name of table "${name}" ${remedy}`,
    ])
    expect(await dataset.client.hasDataset()).toBe(false)
  })

  test('names with 63 bytes in letters of several are made, loaded and found', async () => {
    await using dataset = await open()
    const name = `${'日'.repeat(20)}abc`
    expect(Buffer.byteLength(name)).toBe(63)
    const schema = schemaOf({ [name]: { columns: [column(name, 'bigint')] } })
    await dataset.prepare(schema)
    await dataset.load('1', schema, { [name]: [[5]] })
    expect(await psql(database, `SELECT "${name}" FROM "${dataset.client.datasetName}"."${name}"`)).toBe('5')
    expect(await dataset.client.updateSchema(schema, [name])).toEqual([])
  })

  test('of a statement that takes too long names the option', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    const { datasetName } = dataset.client
    await psql(
      database,
      `CREATE FUNCTION ${datasetName}.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$`,
      `CREATE TRIGGER wait BEFORE INSERT ON ${datasetName}.items FOR EACH ROW EXECUTE FUNCTION ${datasetName}.wait()`,
    )
    const options = { credentials: database.url, statementTimeout: 500 }
    await using hasty = await PostgresDataset.open(options, folder, datasetName)
    const error = await failure(() => hasty.load('1', schema, { items: [[1]] }))
    expect(withoutIds(error)).toContain(
      'Postgres: canceling statement due to statement timeout [57014]. A statement took longer than its timeout. Set "statementTimeout" higher, or that of the role.',
    )
    expect(DestinationError.is(error, 'transient')).toBe(true)
  })

  test('of a transaction that may only read says what to do', async () => {
    await psql(
      database,
      `CREATE ROLE reader_${datasets} LOGIN PASSWORD 'p' SUPERUSER`,
      `ALTER ROLE reader_${datasets} SET default_transaction_read_only = on`,
    )
    await using reader = await PostgresDataset.open(
      { credentials: partsOf(database, { username: `reader_${datasets}`, password: 'p' }) },
      folder,
      'read_only',
    )
    const error = await failure(() => reader.prepare(schemaOf({ items: { columns: [column('id', 'bigint')] } })))
    expect(error.message).toBe(
      'Postgres: cannot execute CREATE SCHEMA in a read-only transaction [25006]. Connect to a server that takes changes, not to a standby, or load with a role whose transactions are not read-only.',
    )
    expect(DestinationError.is(error, 'terminal')).toBe(true)
  })

  test.each([
    [
      'a view',
      'CREATE VIEW $items AS SELECT 1 AS other',
      // The second is what servers say before version 15.
      [
        'ALTER action ADD COLUMN cannot be performed on relation "items"',
        '"items" is not a table, composite type, or foreign table',
      ],
      '[42809]. What has this name is no table that takes rows. Rename it, or load into another dataset.',
    ],
    [
      'a partitioned table that cannot have unique columns',
      'CREATE TABLE $items (other int) PARTITION BY RANGE (other)',
      ['unique constraint on partitioned table must include all partitioning columns'],
      '[0A000]. Set "createIndexes" to false, so that no column has to be unique.',
    ],
  ])('of %s with the name of a table says what to do', async (_title, statement, words, remedy) => {
    await using dataset = await open()
    const { datasetName } = dataset.client
    await psql(database, `CREATE SCHEMA ${datasetName}`, statement.replace('$items', `${datasetName}.items`))
    const unique = { columns: [column('id', 'bigint', { unique: true })] }
    const error = await failure(() => dataset.prepare(schemaOf({ items: unique })))
    expect(words.map((said) => `Postgres: ${said} ${remedy}`)).toContain(error.message)
    expect(DestinationError.is(error, 'terminal')).toBe(true)
  })

  test('of rows that policies guard says who may copy them', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    const { datasetName } = dataset.client
    const role = `guarded_${datasets}`
    await psql(
      database,
      `CREATE ROLE ${role} LOGIN PASSWORD 'p'`,
      `GRANT USAGE ON SCHEMA ${datasetName} TO ${role}`,
      `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA ${datasetName} TO ${role}`,
      `ALTER TABLE ${datasetName}.items ENABLE ROW LEVEL SECURITY`,
    )
    const credentials = partsOf(database, { username: role, password: 'p' })
    await using guarded = await PostgresDataset.open({ credentials }, folder, datasetName)
    const error = await failure(() => guarded.load('1', schema, { items: [[1]] }))
    expect(error.message).toContain(
      'Postgres: COPY FROM not supported with row-level security [0A000]. Load with the owner of the table, or with a role that has BYPASSRLS.',
    )
  })

  test('of a time zone that the server does not know names the parameter', async () => {
    const credentials = partsOf(database, { sessionTimezone: 'Mars/Phobos' })
    await using dataset = await PostgresDataset.open({ credentials }, folder, 'nowhere')
    const error = await failure(() => dataset.prepare(schemaOf({ items: { columns: [column('id', 'bigint')] } })))
    expect(error.message).toBe('Postgres: invalid value for parameter "TimeZone" [22023].')
  })

  test('of a missing privilege says where privileges are listed', async () => {
    await using dataset = await open()
    const schema = schemaOf({ items: { columns: [column('id', 'bigint')] } })
    await dataset.prepare(schema)
    const role = `stranger_${datasets}`
    await psql(database, `CREATE ROLE ${role} LOGIN PASSWORD 'p'`)
    const credentials = partsOf(database, { username: role, password: 'p' })
    const { datasetName } = dataset.client
    await using elsewhere = await PostgresDataset.open({ credentials }, folder, 'elsewhere')
    const remedy = 'Give the role the privilege, see "Permissions" in the README of @dlt/destination-postgres.'
    expect((await failure(() => elsewhere.prepare(schema))).message).toBe(
      `Postgres: permission denied for database ${database.database} [42501]. ${remedy}`,
    )
    await using stranger = await PostgresDataset.open({ credentials }, folder, datasetName)
    expect((await failure(() => stranger.load('1', schema, { items: [[1]] }))).message).toBe(
      `Postgres: permission denied for schema ${datasetName} [42501]. ${remedy}`,
    )
    await psql(
      database,
      `GRANT USAGE ON SCHEMA ${datasetName} TO ${role}`,
      `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA ${datasetName} TO ${role}`,
    )
    expect(await stranger.load('1', schema, { items: [[1]] })).toMatchObject({ status: 'loaded' })
  })

  test('a role that may only use its dataset can load into it', async () => {
    const role = `loader_${datasets}`
    await psql(
      database,
      `CREATE ROLE ${role} LOGIN PASSWORD 'p'`,
      `CREATE SCHEMA own_${role} AUTHORIZATION dlt`,
      `GRANT USAGE, CREATE ON SCHEMA own_${role} TO ${role}`,
      `GRANT TEMPORARY ON DATABASE ${database.database} TO ${role}`,
    )
    await using dataset = await PostgresDataset.open(
      { credentials: partsOf(database, { username: role, password: 'p' }) },
      folder,
      `own_${role}`,
    )
    const schema = schemaOf({
      items: { columns: [column('id', 'bigint', { primary_key: true })], writeDisposition: 'merge' },
    })
    await dataset.prepare(schema)
    await dataset.load('1', schema, { items: [[1], [1]] })
    expect(await psql(database, `SELECT id FROM own_${role}.items`)).toBe('1')
  })
})
