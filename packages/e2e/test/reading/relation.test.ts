import dlt, { PreciseDateTime } from '@dlt/core'
import { describe, expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const customers = [
  { code: 'a', name: 'Ada' },
  { code: 'g', name: 'Grace' },
]
const orders = [
  {
    id: 1,
    customer: 'a',
    total: 10,
    at: '2024-01-01T10:00:00Z',
    lines: [{ sku: 'x', tags: ['new', 'red'] }, { sku: 'y' }],
  },
  { id: 2, customer: 'g', total: 2.5, at: '2024-01-02T10:00:00.000001Z', lines: [{ sku: 'z', tags: ['old'] }] },
  { id: 3, customer: 'a', at: '2024-01-03T10:00:00Z', note: null },
  { id: 4, customer: 'nobody', total: 7, at: '2024-01-04T10:00:00Z', note: 'gift' },
]
const references = [{ columns: ['customer'], referenced_table: 'customers', referenced_columns: ['code'] }]

async function loaded() {
  const shop = new DuckDbShop()
  const pipeline = shop.pipeline()
  await pipeline.run([
    dlt.resource({ name: 'customers' }, customers),
    dlt.resource({ name: 'orders', references }, orders),
  ])
  return { pipeline, [Symbol.dispose]: () => shop[Symbol.dispose]() }
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a relation', () => {
  test('compares columns with values of their types', async () => {
    using shop = await loaded()
    const table = shop.pipeline.dataset().table('orders').orderBy('id').select('id', 'customer', 'total', 'at', 'note')
    const ids = async (relation: typeof table): Promise<unknown[]> => (await relation.rows()).map(({ id }) => id)
    expect(await ids(table.where('id', '=', 2))).toEqual([2])
    expect(await ids(table.where('id', '=', 2n))).toEqual([2])
    expect(await ids(table.where('id', '>', 1.5).where('id', '<=', 3))).toEqual([2, 3])
    expect(await ids(table.where('total', '=', 2.5))).toEqual([2])
    expect(await ids(table.where('total', '=', null))).toEqual([3])
    expect(await ids(table.where('total', '!=', null))).toEqual([1, 2, 4])
    expect(await ids(table.where('customer', '!=', 'a'))).toEqual([2, 4])
    expect(await ids(table.where('customer', 'in', ['a', 'g']))).toEqual([1, 2, 3])
    expect(await ids(table.where('customer', 'not in', ['a', 'g']))).toEqual([4])
    expect(await ids(table.where('customer', 'in', []))).toEqual([])
    expect(await ids(table.where('customer', 'not in', []))).toEqual([1, 2, 3, 4])
    expect(await ids(table.where('customer', 'like', 'no%'))).toEqual([4])
    expect(await ids(table.where('at', '=', new PreciseDateTime(1_704_189_600_000_001n, true)))).toEqual([2])
    expect(await ids(table.where('at', '>=', new Date('2024-01-03T10:00:00Z')))).toEqual([3, 4])
    expect(await ids(table.where('at', '<', '2024-01-02'))).toEqual([1])
    expect(await ids(table.where('at', '=', '2024-01-02T11:00:00.000001+01:00'))).toEqual([2])
  })

  test('refuses values that a column cannot hold', async () => {
    using shop = await loaded()
    const table = shop.pipeline.dataset().table('orders')
    expect(await messageOf(table.where('total', '<', 'much').rows())).toContain('The column holds double')
    expect(await messageOf(table.where('at', '=', 'soon').rows())).toContain('The column holds timestamp')
    expect(await messageOf(table.where('at', '=', new Date(Number.NaN)).rows())).toContain('The column holds timestamp')
    expect(await messageOf(table.where('total', 'like', '1%').rows())).toBe(
      'Column "total": "like" is for columns of text.',
    )
    expect(await messageOf(table.where('id', 'in', ['secret']).rows())).not.toContain('secret')
    expect(await messageOf(table.where('id', '= 1 OR 1 =' as '=', 1).rows())).toBe(
      'Column "id": there is no comparison "= 1 OR 1 =". There is =, !=, <, <=, >, >=, in, not in, like.',
    )
    expect(() => table.limit(-1)).toThrow('The limit of a relation is a whole number from 0 on, it is -1.')
    expect(() => table.limit(1, { offset: 0.5 })).toThrow('The offset of a relation is a whole number from 0 on')
    expect(() => table.select()).toThrow('A relation without columns has no rows.')
  })

  test('is a value: steps make new ones, in the order in which they stand', async () => {
    using shop = await loaded()
    const table = shop.pipeline.dataset().table('orders')
    const latest = table.orderBy('at', 'desc').limit(2)
    expect((await latest.select('id').rows()).map(({ id }) => id)).toEqual([4, 3])
    expect(await latest.where('customer', '=', 'a').select('id').rows()).toEqual([{ id: 3 }])
    expect(await latest.count()).toBe(2)
    expect(await latest.min('id')).toBe(3)
    expect(await latest.limit(1, { offset: 1 }).select('id').rows()).toEqual([{ id: 3 }])
    expect(await table.count()).toBe(4)
    expect(await table.max('at')).toEqual(new Date('2024-01-04T10:00:00Z'))
    expect(await table.where('id', '>', 100).max('id')).toBe(null)
    expect(await table.limit(0).count()).toBe(0)
    expect(await table.select('note').limit(1).orderBy('note').first()).toEqual({ note: null })
  })

  test('finds the rows around nested rows, up and down, at any depth', async () => {
    using shop = await loaded()
    const dataset = shop.pipeline.dataset()
    const tags = dataset.table('orders__lines__tags').join('orders', { as: 'order' }).orderBy('value')
    expect(await tags.select('value', 'order__id').rows()).toEqual([
      { value: 'new', order__id: 1 },
      { value: 'old', order__id: 2 },
      { value: 'red', order__id: 1 },
    ])
    const lines = dataset
      .table('orders')
      .join('orders__lines', { as: 'line', kind: 'left' })
      .orderBy('id')
      .orderBy('line__sku')
    expect(await lines.select('id', 'line__sku').rows()).toEqual([
      { id: 1, line__sku: 'x' },
      { id: 1, line__sku: 'y' },
      { id: 2, line__sku: 'z' },
      { id: 3, line__sku: null },
      { id: 4, line__sku: null },
    ])
    const both = dataset.table('orders').join('orders__lines').join('orders__lines__tags', { as: 'tag' })
    expect(await both.where('tag__value', '=', 'red').select('id', 'orders__lines__sku').rows()).toEqual([
      { id: 1, orders__lines__sku: 'x' },
    ])
    expect((await both.columns()).find(({ name }) => name === 'tag__value')).toMatchObject({ data_type: 'text' })
  })

  test('follows references both ways, and takes other columns', async () => {
    using shop = await loaded()
    const dataset = shop.pipeline.dataset()
    const named = dataset.table('orders').join('customers').orderBy('id').select('id', 'customers__name')
    expect(await named.rows()).toEqual([
      { id: 1, customers__name: 'Ada' },
      { id: 2, customers__name: 'Grace' },
      { id: 3, customers__name: 'Ada' },
    ])
    expect(await dataset.table('customers').join('orders', { kind: 'left' }).count()).toBe(3)
    expect(await dataset.table('orders__lines').join('orders').join('customers').count()).toBe(3)
    const own = dataset.table('customers').join('orders', { as: 'o', on: { code: 'customer' } })
    expect(await own.where('o__id', '=', 2).select('name').rows()).toEqual([{ name: 'Grace' }])
  })

  test('says why tables cannot be joined', async () => {
    using shop = await loaded()
    const dataset = shop.pipeline.dataset()
    expect(await messageOf(dataset.table('customers').join('orders__lines').rows())).toBe(
      'The schema knows no relation between "customers" and "orders__lines". Say which columns are equal: join("orders__lines", { on: { column: \'column of orders__lines\' } }).',
    )
    expect(await messageOf(dataset.table('orders').limit(1).join('orders__lines').rows())).toBe(
      'The relation of table "orders" is joined after a limit. Join first: table(…).join(…).limit(…).',
    )
    expect(await messageOf(dataset.table('orders').join('orders__lines').join('orders__lines').rows())).toBe(
      'The relation of table "orders" has a column "orders__lines__sku" already. Give the columns of "orders__lines" another prefix: join("orders__lines", { as: \'other\' }).',
    )
  })

  test('shows its query', async () => {
    using shop = await loaded()
    const relation = shop.pipeline.dataset().table('orders').where('customer', '=', "a'; --").select('id').limit(5)
    expect(await relation.toSql()).toEqual({
      sql: 'SELECT "t0"."id" AS "id"\nFROM "shop"."orders" AS "t0"\nWHERE "t0"."customer" = $1\nLIMIT 5',
      parameters: ["a'; --"],
    })
  })
})
