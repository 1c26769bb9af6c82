import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationClient } from '@dlt/destination'
import { column, definedSchema, rowId, seenData } from '@dlt/destination-testkit'
import type { ColumnSchema } from '@dlt/schema'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDuckDbClient } from '../src/client.ts'
import { DuckDbSqlConnection } from '../src/connection.ts'

let folder: string
let instance: DuckDBInstance
let client: DestinationClient

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const inner = new DuckDbSqlConnection(connection, { ofCaller: false, release: () => connection.closeSync() })
  const context = { pipelineName: 'sample', datasetName: 'ds', localDirectory: folder }
  client = createDuckDbClient(inner, { credentials: ':memory:' }, context)
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const sql = async (text: string): Promise<readonly unknown[]> => {
  const connection = await instance.connect()
  const rows = (await connection.runAndReadAll(text)).getRowsJS()
  connection.closeSync()
  return rows.flat()
}

const value = column('value', 'text')
const key: ColumnSchema = { ...column('id', 'bigint'), nullable: false, primary_key: true }
const before = definedSchema({ items: { writeDisposition: 'append', columns: [value, rowId], extensions: seenData } })
const mergedBy = (columns: readonly ColumnSchema[]) =>
  definedSchema({ items: { writeDisposition: 'merge', columns, extensions: seenData } })

const load = async (schema: typeof before, loadId: string, row: { readonly [name: string]: unknown }) => {
  const path = join(folder, `${loadId}.jsonl`)
  writeFileSync(path, `${JSON.stringify(row)}\n`)
  const job = { jobId: `items.${loadId}.jsonl`, tableName: 'items', path, format: 'jsonl', rowCount: 1 } as const
  await client.updateSchema(schema, ['items'])
  return client.load({ loadId, schema, jobs: [{ ...job, columns: Object.keys(row) }], truncateTables: [] })
}

const isNullable =
  "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'items' AND column_name = 'id'"

it('a table with rows is merged by a key that is new to it: those rows stay, without the key', async () => {
  await load(before, '1', { value: 'old', _dlt_id: 'a' })
  const schema = mergedBy([value, key, rowId])
  await load(schema, '2', { value: 'first', id: 1, _dlt_id: 'b' })
  await load(schema, '3', { value: 'second', id: 1, _dlt_id: 'c' })
  expect(await sql('SELECT id, value FROM ds.items ORDER BY value')).toEqual([null, 'old', 1n, 'second'])
  expect(await sql(isNullable)).toEqual(['YES'])
})

it('a column that may not be null is added so to a table without rows', async () => {
  await client.updateSchema(before, ['items'])
  await client.updateSchema(mergedBy([value, key, rowId]), ['items'])
  expect(await sql(isNullable)).toEqual(['NO'])
})

it('a key that somebody dropped is not added again where there are rows: they would be doubled', async () => {
  const schema = mergedBy([value, key, rowId])
  await load(schema, '1', { value: 'first', id: 1, _dlt_id: 'a' })
  await sql('ALTER TABLE ds.items DROP COLUMN id')
  await expect(load(schema, '2', { value: 'second', id: 1, _dlt_id: 'b' })).rejects.toThrow(
    /^Tables or columns of dataset "ds" are missing .* Create them as they were and run again, or load into another dataset\.$/s,
  )
  expect(await sql('SELECT value FROM ds.items')).toEqual(['first'])
})

it('a column of ids that is missing is not added where there are rows', async () => {
  await sql('CREATE SCHEMA ds')
  await sql('CREATE TABLE ds.items (value VARCHAR)')
  await sql("INSERT INTO ds.items VALUES ('theirs')")
  await expect(load(before, '1', { value: 'v', _dlt_id: 'a' })).rejects.toThrow(/NOT NULL constraint failed/)
})
