import { column, definedSchema, rowId, seenData } from '@dlt/destination-testkit'
import type { ColumnSchema } from '@dlt/schema'
import { expect, it } from 'vitest'
import { itemsDataset } from './items-dataset.ts'

const dataset = itemsDataset()
const { load, sql } = dataset

const value = column('value', 'text')
const key: ColumnSchema = { ...column('id', 'bigint'), nullable: false, primary_key: true }
const before = definedSchema({ items: { writeDisposition: 'append', columns: [value, rowId], extensions: seenData } })
const mergedBy = (columns: readonly ColumnSchema[]) =>
  definedSchema({ items: { writeDisposition: 'merge', columns, extensions: seenData } })

const isNullable =
  "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'items' AND column_name = 'id'"

it('a table with rows is merged by a key that is new to it: those rows stay, without the key', async () => {
  await load(before, '1', { value: '"old"', _dlt_id: '"a"' })
  const schema = mergedBy([value, key, rowId])
  await load(schema, '2', { value: '"first"', id: '1', _dlt_id: '"b"' })
  await load(schema, '3', { value: '"second"', id: '1', _dlt_id: '"c"' })
  expect(await sql('SELECT id, value FROM ds.items ORDER BY value')).toEqual([null, 'old', 1n, 'second'])
  expect(await sql(isNullable)).toEqual(['YES'])
})

it('a column that may not be null is added so to a table without rows', async () => {
  await dataset.client.updateSchema(before, ['items'])
  await dataset.client.updateSchema(mergedBy([value, key, rowId]), ['items'])
  expect(await sql(isNullable)).toEqual(['NO'])
})

it('a key that somebody dropped is not added again where there are rows: they would be doubled', async () => {
  const schema = mergedBy([value, key, rowId])
  await load(schema, '1', { value: '"first"', id: '1', _dlt_id: '"a"' })
  await sql('ALTER TABLE ds.items DROP COLUMN id')
  await expect(load(schema, '2', { value: '"second"', id: '1', _dlt_id: '"b"' })).rejects.toThrow(
    /^Tables or columns of dataset "ds" are missing .* Create them as they were and run again, or load into another dataset\.$/s,
  )
  expect(await sql('SELECT value FROM ds.items')).toEqual(['first'])
})

it('a column of ids that is missing is not added where there are rows', async () => {
  await sql('CREATE SCHEMA ds')
  await sql('CREATE TABLE ds.items (value VARCHAR)')
  await sql("INSERT INTO ds.items VALUES ('theirs')")
  await expect(load(before, '1', { value: '"v"', _dlt_id: '"a"' })).rejects.toThrow(/NOT NULL constraint failed/)
})
