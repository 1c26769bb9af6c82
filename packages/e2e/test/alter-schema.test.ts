import { rmSync } from 'node:fs'
import { join } from 'node:path'
import dlt, { createSchema, DltError } from '@dlt/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DuckDbShop } from './duckdb/duckdb-shop.ts'

const orders = { tableName: 'orders' } as const

let shop: DuckDbShop

beforeEach(() => {
  shop = new DuckDbShop()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

const columns = async (table = 'orders'): Promise<readonly unknown[]> =>
  shop.values(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = '${table}' AND column_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY 1`,
  )

describe('a column that is dropped', () => {
  test('goes from the table, and does not come back with data or hints', async () => {
    await shop.pipeline().run([{ id: 1, note: 'a', more: 1 }], orders)
    const info = await shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'note' })
    expect([info.hasFailedJobs, info.loadIds.length]).toEqual([false, 1])
    const alteredColumns = [{ change: 'drop', column: 'note' }]
    expect(info.packages[0]?.schemaChanges).toEqual([
      { tableName: 'orders', created: false, columns: [], alteredColumns },
    ])
    expect(String(info)).toContain(`\nLoad package ${info.loadIds[0]} altered table orders: - note`)
    expect(await columns()).toEqual(['id', 'more'])
    await shop.pipeline().run([{ id: 2, note: 'b', more: 2 }], orders)
    await shop.pipeline().run([{ id: 3, note: { deep: 1 } }], { ...orders, columns: { note: { data_type: 'text' } } })
    expect(await columns()).toEqual(['id', 'more', 'note__deep'])
    expect(await shop.query('SELECT id, more FROM shop.orders ORDER BY id')).toEqual([
      ['1', '1'],
      ['2', '2'],
      ['3', null],
    ])
  })

  test('takes its variants with it', async () => {
    await shop.pipeline().run([{ id: 1, v: 1 }], orders)
    await shop.pipeline().run([{ id: 2, v: 'text' }], orders)
    expect(await columns()).toEqual(['id', 'v', 'v__v_text'])
    await shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'v' })
    await shop.pipeline().run([{ id: 3, v: 'again' }], orders)
    expect(await columns()).toEqual(['id'])
  })

  test('may belong to a nested table', async () => {
    await shop.pipeline().run([{ id: 1, lines: [{ sku: 'a', qty: 1 }] }], orders)
    await shop.pipeline().alterSchema({ table: 'orders__lines', dropColumn: 'qty' })
    await shop.pipeline().run([{ id: 2, lines: [{ sku: 'b', qty: 2 }] }], orders)
    expect(await columns('orders__lines')).toEqual(['sku'])
    expect(await shop.values('SELECT sku FROM shop.orders__lines ORDER BY 1')).toEqual(['a', 'b'])
  })

  test('stays dropped where the working directory is lost, and where another one did not know', async () => {
    const elsewhere = { workingDir: join(shop.folder, 'elsewhere') }
    await shop.pipeline().run([{ id: 1, note: 'a' }], orders)
    await shop.pipeline(elsewhere).run([{ id: 2, note: 'b' }], orders)
    await shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'note' })
    await shop.pipeline(elsewhere).run([{ id: 3, note: 'c' }], orders)
    rmSync(shop.workingDir, { recursive: true })
    await shop.pipeline().run([{ id: 4, note: 'd' }], orders)
    expect(await columns()).toEqual(['id'])
    expect(await shop.values('SELECT id FROM shop.orders ORDER BY 1')).toEqual(['1', '2', '3', '4'])
  })

  test('and a schema file that still has it agree', async () => {
    const folder = join(shop.folder, 'schemas')
    const files = { importSchemaPath: folder, exportSchemaPath: folder }
    await shop.pipeline(files).run([{ id: 1, note: 'a' }], orders)
    await shop.pipeline(files).alterSchema({ table: 'orders', dropColumn: 'note' })
    await shop.pipeline(files).run([{ id: 2, note: 'b' }], orders)
    expect(await columns()).toEqual(['id'])
  })
})

describe('a column that is renamed', () => {
  test('keeps its values, and takes those that data has under the old name', async () => {
    await shop.pipeline().run([{ id: 1, qty: 5 }], { ...orders, primaryKey: 'id' })
    await shop.pipeline().alterSchema({ table: 'orders', renameColumn: { from: 'qty', to: 'Quantity' } })
    await shop
      .pipeline()
      .run([{ id: 2, qty: 6 }], { ...orders, primaryKey: 'id', columns: { qty: { description: 'd' } } })
    await shop.pipeline().run([{ id: 3, qty: 'many' }], orders)
    expect(await columns()).toEqual(['id', 'quantity', 'quantity__v_text'])
    expect(await shop.query('SELECT id, quantity, quantity__v_text FROM shop.orders ORDER BY id')).toEqual([
      ['1', '5', null],
      ['2', '6', null],
      ['3', null, 'many'],
    ])
    expect(shop.pipeline().defaultSchema?.tables.get('orders')?.columns.get('quantity')?.description).toBe('d')
  })

  test('can be renamed again and back, be a key, and be dropped then', async () => {
    const rename = (from: string, to: string) =>
      shop.pipeline().alterSchema({ table: 'orders', renameColumn: { from, to } })
    const keyed = { ...orders, primaryKey: 'id', writeDisposition: 'merge' } as const
    await shop.pipeline().run([{ id: 1, qty: 5 }], keyed)
    await rename('id', 'number')
    await rename('qty', 'amount')
    await rename('amount', 'total')
    await shop.pipeline().run([{ id: 1, qty: 6 }], keyed)
    expect(await shop.query('SELECT number, total FROM shop.orders')).toEqual([['1', '6']])
    await rename('total', 'qty')
    await shop.pipeline().run([{ id: 2, qty: 7 }], keyed)
    expect(await shop.query('SELECT number, qty FROM shop.orders ORDER BY 1')).toEqual([
      ['1', '6'],
      ['2', '7'],
    ])
    expect(shop.pipeline().defaultSchema?.tables.get('orders')?.['x-renamed-columns']).toEqual({ id: 'number' })
    await rename('qty', 'amount')
    await shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'amount' })
    await shop.pipeline().run([{ id: 3, qty: 8 }], keyed)
    expect(await columns()).toEqual(['number'])
  })

  test('leaves its old name to nobody else: another key of that name goes to the new one', async () => {
    await shop.pipeline().run([{ qty: 5 }], orders)
    await shop.pipeline().alterSchema({ table: 'orders', renameColumn: { from: 'qty', to: 'quantity' } })
    await shop.pipeline().run([{ quantity: 6 }, { qty: 7 }], orders)
    expect(
      await shop.values(
        "SELECT coalesce(quantity, COLUMNS(c -> c LIKE 'quantity\\_%' ESCAPE '\\')) FROM shop.orders ORDER BY 1",
      ),
    ).toEqual(['5', '6', '7'])
  })
})

describe('a change that cannot be made', () => {
  const failure = async (act: () => Promise<unknown>): Promise<readonly [unknown, string]> => {
    const error = await act().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    const cause = error instanceof Error && DltError.is(error.cause) ? error.cause : error
    if (DltError.is(cause)) return [cause.code, cause.message]
    throw error
  }
  const drop = (table: string, dropColumn: string) => failure(() => shop.pipeline().alterSchema({ table, dropColumn }))
  const rename = (from: string, to: string) =>
    failure(() => shop.pipeline().alterSchema({ table: 'orders', renameColumn: { from, to } }))

  test('is refused before anything is touched', async () => {
    expect(await drop('orders', 'note')).toEqual([
      'SCHEMA',
      'Pipeline "shop" has no schema yet: it has none. Load data first, or name one of them.',
    ])
    await shop.pipeline().run([{ id: 1, note: 'a' }], { ...orders, primaryKey: 'id' })
    const before = shop.pipeline().state
    expect(await drop('nowhere', 'note')).toEqual([
      'SCHEMA',
      'Schema "shop" has no table "nowhere". Check the name, or load data into it first.',
    ])
    const refused = (column: string, why: string) => [
      'SCHEMA',
      `Column "${column}" of table "orders" (schema "shop") cannot be dropped or renamed: ${why}.`,
    ]
    expect(await drop('orders', 'x')).toEqual(
      refused('x', 'the table does not have it. It has "id", "note", "_dlt_load_id", "_dlt_id"'),
    )
    expect(await drop('orders', 'id')).toEqual(
      refused('id', 'it is a key ("primary_key"). Take it out of the key of its resource first'),
    )
    expect(await drop('orders', '_dlt_id')).toEqual(refused('_dlt_id', 'it is one of the system. Choose another one'))
    expect(await rename('note', 'ID')).toEqual(refused('note', 'there is a column "id". Choose another name'))
    expect(await rename('note', '_dlt_x')).toEqual(
      refused('note', '"_dlt_x" cannot be its new name. Choose one that does not begin with "_dlt"'),
    )
    expect(shop.pipeline().state).toEqual(before)
    expect(await shop.pipeline().pendingPackages()).toEqual([])
  })

  test('is refused where another schema has the table in the same dataset', async () => {
    await shop.pipeline().run([{ id: 1, note: 'a' }], orders)
    await shop.pipeline().run([{ id: 2, note: 'b' }], { ...orders, schema: createSchema('other') })
    const [code, message] = await drop('orders', 'note')
    expect([code, message]).toEqual([
      'SCHEMA',
      'Column "note" of table "orders" cannot be dropped or renamed: the schema "other" has that table in the same dataset, with that column. Give one of them another table name, or a dataset of its own.',
    ])
  })

  test('waits where the destination refuses it: it can be tried again, or given up', async () => {
    await shop.pipeline().run([{ id: 1, note: 'a' }], orders)
    await shop.query('CREATE INDEX needed ON shop.orders (note)')
    await expect(shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'note' })).rejects.toThrow(
      'failed at step "load"',
    )
    const [waiting] = await shop.pipeline().pendingPackages()
    await shop.query('DROP INDEX shop.needed')
    await shop.pipeline().retry(waiting?.loadId ?? '')
    expect(await columns()).toEqual(['id'])
  })

  test('given up, the column is there as before', async () => {
    await shop.pipeline().run([{ id: 1, note: 'a' }], orders)
    await shop.query('CREATE INDEX needed ON shop.orders (note)')
    await expect(shop.pipeline().alterSchema({ table: 'orders', dropColumn: 'note' })).rejects.toThrow('step "load"')
    const [waiting] = await shop.pipeline().pendingPackages()
    await shop.pipeline().abort(waiting?.loadId ?? '')
    await shop.query('DROP INDEX shop.needed')
    await shop.pipeline().run([{ id: 2, note: 'b' }], orders)
    expect(await shop.values('SELECT note FROM shop.orders ORDER BY 1')).toEqual(['a', 'b'])
  })
})

test('a change goes to the dataset of its schema', async () => {
  const source = (name: string) => dlt.source({ name }, () => [dlt.resource({ name: 'items' }, [{ id: 1, note: 'a' }])])
  const options = { useSingleDataset: false }
  await shop.pipeline(options).run([source('one')(), source('two')()])
  await shop.pipeline(options).alterSchema({ schema: 'two', table: 'items', dropColumn: 'note' })
  await shop.pipeline(options).run([source('one')(), source('two')()])
  const tables = `SELECT table_schema, column_name FROM information_schema.columns WHERE table_name = 'items' AND column_name IN ('id', 'note') ORDER BY 1, 2`
  expect(await shop.query(tables)).toEqual([
    ['shop', 'id'],
    ['shop', 'note'],
    ['shop_two', 'id'],
  ])
})
