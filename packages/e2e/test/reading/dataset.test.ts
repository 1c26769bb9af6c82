import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import dlt, { createSchema, DestinationError, DltError, PlainDate, PlainTime, PreciseDateTime } from '@dlt/core'
import { duckdb } from '@dlt/destination-duckdb'
import { Decimal } from 'decimal.js'
import { describe, expect, test } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const orders = [
  { id: 1, customer: 'Ada', lines: [{ sku: 'x', tags: ['new', 'red'] }, { sku: 'y' }] },
  { id: 2, customer: 'Grace', lines: [{ sku: 'z', tags: ['old'] }] },
  { id: 3, customer: 'Ada' },
]

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

async function loadedShop(): Promise<DuckDbShop> {
  const shop = new DuckDbShop()
  await shop.pipeline().run(orders, { tableName: 'orders' })
  return shop
}

describe('a dataset', () => {
  test('tells its tables, rows and loads', async () => {
    using shop = await loadedShop()
    await shop.pipeline().run([{ id: 4, lines: [{ sku: 'w' }] }], { tableName: 'orders' })
    const dataset = shop.pipeline().dataset()
    expect(await dataset.datasetName()).toBe('shop')
    expect(await dataset.tables()).toEqual(['orders', 'orders__lines', 'orders__lines__tags'])
    expect(await dataset.tables({ system: true })).toContain('_dlt_loads')
    expect(await dataset.rowCounts()).toEqual({ orders: 4, orders__lines: 4, orders__lines__tags: 3 })
    const [first, second, ...others] = await dataset.loads()
    expect(others).toEqual([])
    expect(first).toMatchObject({ schemaName: 'shop', insertedAt: expect.any(Date) })
    expect(await dataset.latestLoadId()).toBe(second?.loadId)
    const loadId = second?.loadId ?? ''
    expect(await dataset.rowCounts({ loadId })).toEqual({ orders: 1, orders__lines: 1, orders__lines__tags: 0 })
    expect(await dataset.rowCounts({ tables: ['orders__lines', '_dlt_loads'], loadId })).toEqual({
      orders__lines: 1,
      _dlt_loads: 1,
    })
    const lines = dataset.table('orders__lines').ofLoads(loadId).select('sku')
    expect(await lines.rows()).toEqual([{ sku: 'w' }])
    expect(await dataset.table('orders').ofLoads().count()).toBe(0)
  })

  test('is read without a pipeline, and without its working directory', async () => {
    using shop = await loadedShop()
    rmSync(shop.workingDir, { recursive: true })
    const dataset = dlt.dataset({ destination: duckdb({ credentials: shop.file }), datasetName: 'shop' })
    expect((await dataset.schemas()).map(({ name }) => name)).toEqual(['shop'])
    expect(await dataset.table('orders').count()).toBe(3)
  })

  test('gives values the types that state and cursors have', async () => {
    using shop = new DuckDbShop()
    const row = {
      small: 5,
      large: 2n ** 60n,
      double: 1.5,
      bool: true,
      text: 'é',
      instant: new Date('2024-01-02T03:04:05.678Z'),
      precise: new PreciseDateTime(1_704_164_645_000_001n, true),
      clock: new PreciseDateTime(1_704_164_645_000_000n, false),
      day: new PlainDate(19_000),
      time: new PlainTime(1_000_001n),
      decimal: new Decimal('12345678901234567890.123456789'),
      bytes: Uint8Array.of(0, 255),
      json: { a: [1, 9007199254740993n] },
    }
    const columns = { json: { data_type: 'json' }, clock: { data_type: 'timestamp', timezone: false } } as const
    await shop.pipeline().run([row], { tableName: 'kinds', columns })
    const { _dlt_id, _dlt_load_id, ...read } = (await shop.pipeline().dataset().table('kinds').first()) ?? {}
    expect(read).toEqual(row)
    expect(String(read['decimal'])).toBe('12345678901234567890.123456789')
    expect(JSON.stringify({ ...read, json: undefined, large: undefined })).toContain('2024-01-02T03:04:05.000001+00:00')
    // What was read is data again, and gives the same types.
    const copy = shop.pipeline({ pipelineName: 'copy', workingDir: join(shop.folder, 'copy'), datasetName: 'copies' })
    await copy.run(shop.pipeline().dataset().table('kinds'), { tableName: 'kinds', columns })
    const { _dlt_id: _, _dlt_load_id: __, ...copied } = (await copy.dataset().table('kinds').first()) ?? {}
    expect(copied).toEqual(row)
  })

  test('keeps the rows of loads that are not complete, unless they are left out', async () => {
    using shop = await loadedShop()
    await shop.query('DELETE FROM shop._dlt_loads')
    const pipeline = shop.pipeline()
    expect(await pipeline.dataset().rowCounts()).toEqual({ orders: 3, orders__lines: 3, orders__lines__tags: 3 })
    const committed = pipeline.dataset({ committedOnly: true })
    expect(await committed.rowCounts()).toEqual({ orders: 0, orders__lines: 0, orders__lines__tags: 0 })
    expect(await committed.table('orders').join('orders__lines').count()).toBe(0)
    expect(await committed.table('orders__lines__tags').committedOnly(false).count()).toBe(3)
    expect(await pipeline.dataset().table('orders__lines').committedOnly().count()).toBe(0)
  })

  test('leaves out rows of loads that are not complete where the destination cannot load a package as a whole', async () => {
    using shop = await loadedShop()
    await shop.query('DELETE FROM shop._dlt_loads')
    const whole = duckdb({ credentials: shop.file })
    const { capabilities } = whole
    const inParts = {
      ...whole,
      capabilities: { ...capabilities, load: { ...capabilities.load, transactional: false } },
    }
    expect(await dlt.dataset({ destination: whole, datasetName: 'shop' }).table('orders').count()).toBe(3)
    const dataset = dlt.dataset({ destination: inParts, datasetName: 'shop' })
    expect(await dataset.table('orders').count()).toBe(0)
    expect((await dataset.rowCounts())['orders']).toBe(0)
    expect(await dataset.table('orders').committedOnly(false).count()).toBe(3)
  })

  test('has the tables of all its schemas', async () => {
    using shop = await loadedShop()
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 1, stars: 5 }], { tableName: 'reviews', schema: createSchema('feedback') })
    await pipeline.run([{ id: 9, gift: true }], { tableName: 'orders', schema: createSchema('feedback') })
    const dataset = pipeline.dataset()
    expect((await dataset.schemas()).map(({ name }) => name)).toEqual(['feedback', 'shop'])
    expect(await dataset.rowCounts()).toEqual({ orders: 4, orders__lines: 3, orders__lines__tags: 3, reviews: 1 })
    expect(await dataset.table('orders').where('gift', '=', true).select('id', 'customer').rows()).toEqual([
      { id: 9, customer: null },
    ])
  })

  test('that does not exist is an error, and is not created', async () => {
    using shop = new DuckDbShop()
    const pipeline = shop.pipeline()
    const error: unknown = await pipeline
      .dataset()
      .tables()
      .catch((thrown: unknown) => thrown)
    expect(DestinationError.is(error, 'undefined-entity')).toBe(true)
    expect(String(error)).toContain(`The DuckDB file "${shop.file}" does not exist, so there is nothing to read.`)
    expect(existsSync(shop.file)).toBe(false)
    await shop.query('CREATE SCHEMA other')
    expect(await messageOf(pipeline.dataset().rowCounts())).toBe(
      `The dataset "shop" does not exist at duckdb:///${shop.file}, or nothing was loaded into it. Check its name, or load data first.`,
    )
    expect(await shop.values("SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'shop'")).toEqual(
      [],
    )
  })

  test('names what was probably meant', async () => {
    using shop = await loadedShop()
    const dataset = shop.pipeline().dataset()
    expect(await messageOf(dataset.table('order').rows())).toBe(
      'The dataset "shop" has no table "order". Did you mean "orders"?',
    )
    expect(await messageOf(dataset.table('orders').select('custmer').rows())).toBe(
      'The relation of table "orders" has no column "custmer". Did you mean "customer"?',
    )
    expect(
      await messageOf(
        dataset
          .table('orders')
          .join('orders__lines', { on: { id: 'ordre' } })
          .rows(),
      ),
    ).toBe(
      'The table "orders__lines" has no column "ordre". There is "sku", "_dlt_parent_id", "_dlt_list_idx", "_dlt_id".',
    )
    expect(await messageOf(dataset.table('orders').where('id', '=', 'one').rows())).toBe(
      'Column "id" cannot be compared with the value given. The column holds bigint, and the value is no such value (string).',
    )
    expect(() => dlt.dataset({ destination: 'duckdb', datasetName: 'a', schemas: [] } as never)).toThrow(
      'dlt.dataset has no option "schemas". Write "schema".',
    )
  })

  test('is read while the same process loads into it', async () => {
    using shop = await loadedShop()
    const pipeline = shop.pipeline()
    const seen: unknown[] = []
    for await (const { id } of pipeline.dataset().table('orders').select('id')) {
      seen.push(id)
      if (seen.length === 1) await pipeline.run([{ id: 10 }], { tableName: 'orders' })
    }
    expect(seen.sort()).toEqual([1, 2, 3])
    expect(await pipeline.dataset().table('orders').count()).toBe(4)
  })

  test('runs queries that are written by hand, and changes nothing', async () => {
    using shop = await loadedShop()
    const dataset = shop.pipeline().dataset()
    const ada = dataset.query<{ n: number }>('SELECT count(*) AS n FROM shop.orders WHERE customer = ? AND id < ?', [
      'Ada',
      3,
    ])
    expect(await ada.rows()).toEqual([{ n: 1 }])
    expect(await ada.scalar()).toBe(1)
    expect(await dataset.query('SELECT [1, 2] AS list, {a: 1} AS struct, NULL AS nothing').first()).toEqual({
      list: [1, 2],
      struct: { a: 1 },
      nothing: null,
    })
    for (const change of [
      'DELETE FROM shop.orders',
      'COMMIT',
      'CREATE TEMP TABLE t AS SELECT 1',
      'SELECT 1; DROP TABLE shop.orders',
    ])
      expect(
        DestinationError.is(
          await dataset
            .query(change)
            .rows()
            .catch((error: unknown) => error),
        ),
      ).toBe(true)
    expect(await messageOf(dataset.query('SELECT 1 AS a, 2 AS a').rows())).toBe(
      'The result has two columns named "a", and a row can hold only one of them. Give one another name, with AS in a query.',
    )
    expect(await messageOf(dataset.query('SELECT ?', [Symbol('no')]).rows())).toBe(
      'Parameter 1 of the query is of type symbol, which no column can hold.',
    )
    expect(await dataset.table('orders').count()).toBe(3)
  })
})

describe('rows come in batches', () => {
  test('of the size that was asked for', async () => {
    using shop = new DuckDbShop()
    await shop.pipeline().run(
      Array.from({ length: 5000 }, (_, id) => ({ id })),
      { tableName: 'numbers' },
    )
    const numbers = shop.pipeline().dataset().table('numbers').select('id').orderBy('id')
    const sizes: number[] = []
    const ids: unknown[] = []
    for await (const batch of numbers.batches(1500)) {
      sizes.push(batch.length)
      for (const { id } of batch) ids.push(id)
    }
    expect(sizes).toEqual([1500, 1500, 1500, 500])
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, id) => id))
    expect(await messageOf(numbers.batches(0).next())).toBe('A batch has a whole number of rows above 0, it is 0.')
  })

  test('and who stops early lets go of the file', async () => {
    using shop = new DuckDbShop()
    await shop.pipeline().run(
      Array.from({ length: 20_000 }, (_, id) => ({ id, text: `text ${id}` })),
      { tableName: 'numbers' },
    )
    for await (const batch of shop.pipeline().dataset().table('numbers').batches(10)) {
      expect(batch.length).toBe(10)
      break
    }
    expect(await shop.pipeline().dataset().table('numbers').scalar()).toEqual(expect.any(Number))
    // Opened with DuckDB itself, which a file that is still open in this process would not survive.
    expect(await shop.values('SELECT count(*) FROM shop.numbers')).toEqual(['20000'])
    await shop.pipeline().run([{ id: 1 }], { tableName: 'numbers' })
  })
})

describe('errors', () => {
  test('of names are DltErrors', async () => {
    using shop = await loadedShop()
    const error: unknown = await shop
      .pipeline()
      .dataset()
      .table('nothing')
      .rows()
      .catch((thrown: unknown) => thrown)
    expect(DltError.is(error) && error.code).toBe('SCHEMA')
    expect(DltError.is(error) && error.context).toEqual({ dataset: 'shop', table: 'nothing' })
  })
})
