import assert from 'node:assert/strict'
import { type ColumnSchema, DltError, type Schema } from '@dlt/schema'
import type { Cell } from '../canonical-value.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import { hashesOf, storedHashes } from '../dlt-rows.ts'
import { openDataset } from '../sample-load.ts'
import { column, sampleSchema } from '../sample-schema.ts'

const id = column('id', 'bigint', { nullable: false })
const name = column('name', 'text')
const first = sampleSchema('sample', { items: [id] })
const withOthers = sampleSchema('sample', { items: [id], others: [id] })

/** What schema updates promise. */
export const schemaCases: readonly ConformanceCase[] = [
  {
    name: 'a dataset that does not exist holds nothing',
    run: async ({ connect }) => {
      const client = await connect()
      assert.equal(await client.hasDataset(), false)
      assert.equal(await client.storedState('sample'), undefined)
      assert.equal(await client.storedSchema('sample'), undefined)
    },
  },
  {
    name: 'the first schema update makes the dataset and its tables',
    run: async (context) => {
      const client = await context.connect()
      const changes = await client.updateSchema(first, ['items'])
      assert.equal(await client.hasDataset(), true)
      assert.deepEqual(changes.map(({ tableName }) => tableName).sort(), ['_dlt_loads', '_dlt_version', 'items'])
      assert.ok(changes.every(({ created }) => created))
      assert.deepEqual(changes.find(({ tableName }) => tableName === 'items')?.columns, [id])
      assert.deepEqual(await context.rows(client, 'items', [id]), [])
      assert.deepEqual(await storedHashes(context, client), hashesOf(first))
    },
  },
  {
    name: 'a schema whose hash is stored changes nothing',
    run: async (context) => {
      const client = await context.connect()
      await client.updateSchema(first, ['items'])
      assert.deepEqual(await client.updateSchema(first, ['items']), [])
      assert.deepEqual(await storedHashes(context, client), hashesOf(first))
    },
  },
  {
    name: 'tables without data and columns without a type are not made',
    run: async ({ connect }) => {
      const schema = sampleSchema('sample', { items: [id, { name: 'hint', nullable: true }], later: [id] })
      const client = await connect()
      const changes = await client.updateSchema(schema, ['items'])
      assert.deepEqual(changes.find(({ tableName }) => tableName === 'items')?.columns, [id])
      assert.ok(!changes.some(({ tableName }) => tableName === 'later'))
    },
  },
  {
    name: 'new columns and tables are added, rows stay',
    run: async (context) => {
      const client = await context.connect()
      await client.updateSchema(first, ['items'])
      const job = await context.file({ tableName: 'items', columns: [id], rows: [[1]] })
      await client.load({ loadId: '1', schema: first, jobs: [job], truncateTables: [] })
      const second = sampleSchema('sample', { items: [name, column('size', 'double')], others: [id] }, first)
      const changes = await client.updateSchema(second, ['items', 'others'])
      assert.deepEqual(changes, [
        { tableName: 'items', created: false, columns: [name, column('size', 'double')] },
        { tableName: 'others', created: true, columns: [id] },
      ])
      assert.deepEqual(await context.rows(client, 'items', [id, name]), [['1', null]])
      assert.deepEqual(await context.rows(client, 'others', [id]), [])
      assert.deepEqual(await storedHashes(context, client), hashesOf(first, second))
    },
  },
  {
    name: 'promoted columns get wider types, never narrower ones, and rows stay',
    unless: ({ ddl }) => (ddl.altersColumnTypes === true ? undefined : 'column types cannot be changed'),
    run: async (context) => {
      const client = await context.connect()
      const price = (precision: number, scale: number, more: Omit<ColumnSchema, 'name'> = {}) =>
        column('price', 'decimal', { precision, scale, ...more })
      const code = column('code', 'text', { 'x-promoted-from': 'text' })
      const promoted = { 'x-promoted-from': 'decimal' }
      const narrow = sampleSchema('sample', { items: [price(6, 2), column('code', 'text', { precision: 3 })] })
      const wide = sampleSchema('sample', { items: [price(8, 2, promoted), code] })
      const other = sampleSchema('other', { items: [price(7, 3, promoted), code] })
      await client.updateSchema(narrow, ['items'])
      const load = async (loadId: string, schema: Schema, row: readonly Cell[]) => {
        const columns = [...(schema.tables.get('items')?.columns.values() ?? [])]
        const job = await context.file({ tableName: 'items', columns, rows: [row] })
        await client.load({ loadId, schema, jobs: [job], truncateTables: [] })
      }
      await load('1', narrow, ['1.25', 'abc'])
      for (const [loadId, schema, row] of [
        ['2', wide, ['123456.25', 'longer than before']],
        ['3', other, ['0.125', 'x']],
      ] as const) {
        const changes = await client.updateSchema(schema, ['items'])
        const altered = changes.find(({ tableName }) => tableName === 'items')?.alteredColumns ?? []
        assert.ok(altered.some((one) => one.column === 'price' && one.change === 'type'))
        await load(loadId, schema, row)
      }
      assert.deepEqual(await context.rows(client, 'items', [price(9, 3), code]), [
        ['0.125', 'x'],
        ['1.25', 'abc'],
        ['123456.25', 'longer than before'],
      ])
    },
  },
  {
    name: 'columns of another schema in the same tables stay',
    run: async (context) => {
      const client = await context.connect()
      const other = sampleSchema('other', { items: [id, name] })
      await client.updateSchema(other, ['items'])
      await client.updateSchema(first, ['items'])
      assert.deepEqual(await context.rows(client, 'items', [id, name]), [])
    },
  },
  {
    name: 'a NOT NULL column refuses nulls',
    run: async (context) => {
      const client = await context.connect()
      await client.updateSchema(first, ['items'])
      const job = await context.file({ tableName: 'items', columns: [id], rows: [[null]] })
      await assert.rejects(client.load({ loadId: '1', schema: first, jobs: [job], truncateTables: [] }))
    },
  },
  {
    name: 'a NOT NULL column can be added to an empty table, and refuses nulls',
    unless: ({ ddl }) => (ddl.addsNotNullColumns === false ? 'columns that are added are nullable' : undefined),
    run: async (context) => {
      const client = await context.connect()
      await client.updateSchema(sampleSchema('sample', { items: [name] }), ['items'])
      const schema = sampleSchema('sample', { items: [name, id] })
      await client.updateSchema(schema, ['items'])
      const job = await context.file({ tableName: 'items', columns: [id, name], rows: [[null, 'a']] })
      await assert.rejects(client.load({ loadId: '1', schema, jobs: [job], truncateTables: [] }))
    },
  },
  {
    name: 'a refresh drops tables before they are made again, and forgets versions where that is asked for',
    run: async (context) => {
      const { client, load, rows } = await openDataset(context, withOthers)
      await load('1', { items: [[1]], others: [[1]] })
      const refresh = { loadId: '2', dropTables: ['items', 'nowhere'] }
      const changes = await client.updateSchema(withOthers, ['items'], refresh)
      assert.deepEqual(changes, [{ tableName: 'items', created: true, columns: [id] }])
      assert.deepEqual(await rows('items', 'id'), [])
      assert.deepEqual(await rows('others', 'id'), [['1']])
      assert.deepEqual(await storedHashes(context, client), hashesOf(withOthers))
      const other = sampleSchema('other', { elsewhere: [id] })
      await client.updateSchema(other, ['elsewhere'])
      await client.updateSchema(first, [], { loadId: '3', dropTables: ['items', 'others'], forgetVersions: true })
      assert.deepEqual(await storedHashes(context, client), hashesOf(first, other))
      await assert.rejects(rows('others', 'id'))
    },
  },
  {
    name: 'a refresh whose package is loaded drops nothing',
    run: async (context) => {
      const { client, load, rows } = await openDataset(context, withOthers)
      const refresh = { loadId: '1', dropTables: ['items', 'others'], forgetVersions: true }
      await client.updateSchema(withOthers, ['items', 'others'], refresh)
      await load('1', { items: [[1]], others: [[2]] })
      assert.deepEqual(await client.updateSchema(withOthers, ['items', 'others'], refresh), [])
      assert.deepEqual(await rows('items', 'id'), [['1']])
      assert.deepEqual(await rows('others', 'id'), [['2']])
      assert.deepEqual(await storedHashes(context, client), hashesOf(withOthers))
    },
  },
  {
    name: 'a schema whose hash does not belong to its content is refused',
    run: async ({ connect }) => {
      const client = await connect()
      await assert.rejects(client.updateSchema({ ...first, description: 'changed' }, []), (error) => {
        assert.ok(DltError.is(error))
        assert.equal(error.code, 'SCHEMA')
        return true
      })
    },
  },
]
