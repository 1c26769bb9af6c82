import { column, definedSchema, rowId, seenData } from '@dlt/destination-testkit'
import { beforeEach, expect, it } from 'vitest'
import { itemsDataset } from './items-dataset.ts'

const dataset = itemsDataset()
const { sql } = dataset

beforeEach(() => sql('CREATE SCHEMA ds'))

const schema = definedSchema({
  items: { writeDisposition: 'append', columns: [column('value', 'text'), rowId], extensions: seenData },
  others: { writeDisposition: 'append', columns: [column('value', 'text'), rowId], extensions: seenData },
})

/** Loads a row; what was altered for it. */
const load = async (loadId: string) => {
  const changes = await dataset.load(schema, loadId, { value: `"v${loadId}"`, _dlt_id: `"row-${loadId}"` })
  return changes.flatMap(({ alteredColumns = [] }) => alteredColumns)
}

const required = (table: string): Promise<readonly unknown[]> =>
  sql(
    `SELECT column_name FROM information_schema.columns WHERE table_name = '${table}' AND is_nullable = 'NO' ORDER BY column_name`,
  )

it('columns that the schema does not know get null, and those that it knows stay as they are', async () => {
  await sql(`CREATE TABLE ds.items (value VARCHAR, "_dlt_id" VARCHAR NOT NULL, "Their ""own""" VARCHAR NOT NULL)`)
  await sql("INSERT INTO ds.items VALUES ('v0', 'row-0', 'theirs')")
  const { changes = [] } = (await dataset.client.compareSchema?.(schema, ['items'])) ?? {}
  const altered = await load('1')
  expect(altered).toEqual([{ change: 'nullable', column: 'Their "own"' }])
  expect(changes.flatMap(({ alteredColumns = [] }) => alteredColumns)).toEqual(altered)
  expect(await required('items')).toEqual(['_dlt_id'])
  expect(await sql('SELECT "Their ""own""" FROM ds.items ORDER BY value')).toEqual(['theirs', null])
})

it('so do columns that somebody makes after the schema was stored', async () => {
  await load('1')
  await sql("ALTER TABLE ds.items ADD COLUMN theirs VARCHAR DEFAULT 'x'")
  await sql('ALTER TABLE ds.items ALTER COLUMN theirs DROP DEFAULT')
  await sql('ALTER TABLE ds.items ALTER COLUMN theirs SET NOT NULL')
  await load('2')
  expect(await sql('SELECT theirs FROM ds.items ORDER BY value')).toEqual(['x', null])
})

it('a column that fills itself, and the tables that get no rows, are left alone', async () => {
  await load('1')
  await sql('DROP TABLE ds.others')
  await sql('CREATE TABLE ds.others (value VARCHAR, _dlt_id VARCHAR NOT NULL, theirs VARCHAR NOT NULL)')
  await sql('DROP TABLE ds.items')
  await sql("CREATE TABLE ds.items (value VARCHAR, _dlt_id VARCHAR NOT NULL, theirs VARCHAR NOT NULL DEFAULT 'd')")
  await load('2')
  expect(await required('items')).toEqual(['_dlt_id', 'theirs'])
  expect(await required('others')).toEqual(['_dlt_id', 'theirs'])
  expect(await sql('SELECT theirs FROM ds.items')).toEqual(['d'])
})

it('where an index is in the way the package is refused, and loaded when it is gone', async () => {
  await sql('CREATE TABLE ds.items (value VARCHAR, _dlt_id VARCHAR NOT NULL, theirs VARCHAR NOT NULL)')
  await sql('CREATE INDEX by_value ON ds.items (value)')
  const error: unknown = await load('1').catch((reason: unknown) => reason)
  expect(String(error)).toBe(
    'DestinationError: Column "theirs" of table "items" (dataset "ds") needs a value, the schema "sample" does not have it, and the destination cannot allow nulls in it: DuckDB: Dependency Error: Cannot alter entry "items" because there are entries that depend on it. Allow nulls in it by hand (some databases want the indexes of the table dropped before), or load into another table.',
  )
  expect(error).toMatchObject({ kind: 'terminal', context: { table: 'items', column: 'theirs' } })
  await sql('DROP INDEX ds.by_value')
  await load('1')
  expect(await sql('SELECT value FROM ds.items')).toEqual(['v1'])
})
