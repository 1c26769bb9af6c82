import { column, definedSchema, rowId, seenData } from '@dlt/destination-testkit'
import type { ColumnSchema, Schema } from '@dlt/schema'
import { beforeEach, describe, expect, it } from 'vitest'
import { itemsDataset } from './items-dataset.ts'

const dataset = itemsDataset()
const { sql } = dataset

const schemaWith = (value: ColumnSchema): Schema =>
  definedSchema({ items: { writeDisposition: 'append', columns: [value, rowId], extensions: seenData } })

const load = (schema: Schema, loadId: string, value: string, truncateTables?: readonly string[]) =>
  dataset.load(schema, loadId, { value, _dlt_id: `"row-${loadId}"` }, truncateTables)

const typeOfValue = "SELECT data_type FROM information_schema.columns WHERE column_name = 'value'"

it.each([
  ['double', 'BIGINT', 'DOUBLE', '2.5', [2, 2.5]],
  ['decimal', 'INTEGER', 'DECIMAL(38,9)', '2.5', ['2.000000000', '2.500000000']],
  ['decimal', 'DECIMAL(10,1)', 'DECIMAL(38,9)', '2.25', ['2.000000000', '2.250000000']],
  ['double', 'FLOAT', 'DOUBLE', '0.1234567890123', [0.1234567890123, 2]],
  ['double', 'DECIMAL(10,1)', 'DOUBLE', '0.1234567890123', [0.1234567890123, 2]],
  ['decimal', 'DOUBLE', 'DECIMAL(38,9)', '"12345678901234567.89"', ['2.000000000', '12345678901234567.890000000']],
  ['bigint', 'BOOLEAN', 'BIGINT', '40000', ['1', '40000']],
  ['bigint', 'FLOAT', 'BIGINT', '16777217', ['2', '16777217']],
  ['text', 'BOOLEAN', 'VARCHAR', '"yes"', ['true', 'yes']],
  ['text', 'BIGINT', 'VARCHAR', '"01"', ['01', '2']],
  ['text', 'DECIMAL(10,1)', 'VARCHAR', '"1.19"', ['1.19', '2.0']],
  ['text', 'DATE', 'VARCHAR', '"2024-01-01 10:00"', ['2024-01-01 10:00']],
  ['timestamp', 'DATE', 'TIMESTAMP WITH TIME ZONE', '"2024-01-01T12:00:00Z"', ['2024-01-01 12:00:00+00']],
  ['timestamp', 'TIMESTAMP_S', 'TIMESTAMP WITH TIME ZONE', '"2024-01-01T12:00:00.5Z"', ['2024-01-01 12:00:00.5+00']],
] as const)(
  '%s: a column that another pipeline made as %s becomes %s, and nothing is lost',
  async (type, made, wanted, value, values) => {
    await sql('CREATE SCHEMA ds')
    await sql(`CREATE TABLE ds.items (value ${made}, _dlt_id VARCHAR)`)
    if (!/^(?:DATE|TIMESTAMP)/.test(made)) await sql("INSERT INTO ds.items VALUES (2, 'other')")
    await load(schemaWith(column('value', type)), '1', value)
    expect(await sql(typeOfValue)).toEqual([wanted])
    const read = type === 'double' ? 'value' : 'CAST(value AS VARCHAR)'
    expect(await sql(`SET TimeZone = 'UTC'; SELECT ${read} FROM ds.items ORDER BY value`)).toEqual(values)
  },
)

it('a column that somebody narrows after its schema was stored is widened again', async () => {
  const schema = schemaWith(column('value', 'double'))
  await load(schema, '1', '1.0')
  await sql('ALTER TABLE ds.items ALTER COLUMN value TYPE BIGINT')
  await load(schema, '2', '2.5')
  expect(await sql('SELECT value FROM ds.items ORDER BY value')).toEqual([1, 2.5])
})

it('integers that are no doubles keep their digits: the package is refused', async () => {
  await sql('CREATE SCHEMA ds')
  await sql('CREATE TABLE ds.items (value BIGINT, _dlt_id VARCHAR)')
  await sql("INSERT INTO ds.items VALUES (9007199254740993, 'other')")
  const loading = load(schemaWith(column('value', 'double')), '1', '2.5')
  await expect(loading).rejects.toThrow(/^Column "value" of table "items" \(dataset "ds"\) holds integers beyond 2\^53/)
  expect(await sql('SELECT value FROM ds.items')).toEqual([9007199254740993n])
})

it.each([
  ['decimal', 'DOUBLE', '0.1234567890123', 'doubles that would become other numbers as DECIMAL(38,9)'],
  ['decimal', 'DOUBLE', '1e300', 'doubles that would become other numbers as DECIMAL(38,9)'],
  ['decimal', 'DOUBLE', "'NaN'", 'doubles that would become other numbers as DECIMAL(38,9)'],
  ['bigint', 'FLOAT', '1.5', 'doubles that would become other numbers as BIGINT'],
  ['double', 'DECIMAL(38,9)', '12345678901234567.891', 'decimals that would lose digits as DOUBLE'],
] as const)(
  '%s: a column of %s that holds %s is not altered: the package is refused',
  async (type, made, held, holds) => {
    await sql('CREATE SCHEMA ds')
    await sql(`CREATE TABLE ds.items (value ${made}, _dlt_id VARCHAR)`)
    await sql(`INSERT INTO ds.items VALUES (${held}, 'other')`)
    const before = await sql('SELECT CAST(value AS VARCHAR) FROM ds.items')
    await expect(load(schemaWith(column('value', type)), '1', '2')).rejects.toThrow(
      `Column "value" of table "items" (dataset "ds") holds ${holds}, which the schema asks for. Give the package up, and declare`,
    )
    expect(await sql(typeOfValue)).toEqual([made])
    expect(await sql('SELECT CAST(value AS VARCHAR) FROM ds.items')).toEqual(before)
  },
)

describe('integers in a column that another pipeline made as DOUBLE', () => {
  beforeEach(async () => {
    await sql('CREATE SCHEMA ds')
    await sql('CREATE TABLE ds.items (value DOUBLE, _dlt_id VARCHAR)')
    await sql("INSERT INTO ds.items VALUES (2.5, 'other')")
  })

  it('are loaded, and the column keeps its type', async () => {
    await load(schemaWith(column('value', 'bigint')), '1', '9007199254740992')
    expect(await sql('SELECT value FROM ds.items ORDER BY value')).toEqual([2.5, 2 ** 53])
    expect(await sql(typeOfValue)).toEqual(['DOUBLE'])
  })

  it.each(['9007199254740993', '-9007199254740993'])(
    'are refused where they would lose digits: %s',
    async (integer) => {
      const schema = schemaWith(column('value', 'bigint'))
      await load(schema, '1', '1')
      await expect(load(schema, '2', integer)).rejects.toThrow(
        'Column "value" of table "items" (dataset "ds") has doubles of another pipeline, and load package "2" brings integers beyond 2^53, which would lose digits there. Give the package up, and load into another table, or declare the column as text or decimal in both pipelines.',
      )
      expect(await sql('SELECT value FROM ds.items ORDER BY value')).toEqual([1, 2.5])
    },
  )

  it('are refused in a table that is replaced, which keeps its rows', async () => {
    const schema = definedSchema({
      items: { writeDisposition: 'replace', columns: [column('value', 'bigint'), rowId], extensions: seenData },
    })
    await expect(load(schema, '1', '9007199254740993', ['items'])).rejects.toThrow(/brings integers beyond 2\^53/)
    expect(await sql('SELECT value FROM ds.items')).toEqual([2.5])
    await load(schema, '2', '7', ['items'])
    expect(await sql('SELECT value FROM ds.items')).toEqual([7])
  })
})
