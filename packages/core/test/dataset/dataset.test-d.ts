import type { Decimal } from 'decimal.js'
import { expectTypeOf, test } from 'vitest'
import type {
  Dataset,
  Pipeline,
  PlainDate,
  PreciseDateTime,
  Relation,
  UntypedDatabase,
  UntypedRow,
} from '../../src/index.ts'

interface Database {
  orders: {
    id: number | bigint
    customer: string | null
    at: Date | PreciseDateTime | null
    total: Decimal
    day: PlainDate
  }
  orders__lines: { sku: string; payload: unknown }
}

declare const pipeline: Pipeline
declare const dataset: Dataset<Database>

test('a dataset without types has rows of unknown values', async () => {
  expectTypeOf(pipeline.dataset()).toEqualTypeOf<Dataset<UntypedDatabase>>()
  const items = pipeline.dataset().table('items')
  expectTypeOf(items.rows()).resolves.toEqualTypeOf<UntypedRow[]>()
  items.where('id', '=', 1).where('name', 'in', ['a']).where('at', '<', '2024-01-01').orderBy('anything')
  // @ts-expect-error: no such comparison
  items.where('id', 'is', 1)
  // @ts-expect-error: a list is needed
  items.where('id', 'in', 1)
})

test('a dataset with types knows tables, columns and values', async () => {
  const orders = dataset.table('orders')
  expectTypeOf(orders.select('id', 'customer').rows()).resolves.toEqualTypeOf<
    Pick<Database['orders'], 'id' | 'customer'>[]
  >()
  expectTypeOf(orders.max('at')).resolves.toEqualTypeOf<Date | PreciseDateTime | null>()
  expectTypeOf(orders.count()).resolves.toEqualTypeOf<number>()
  orders.where('id', '=', 5).where('id', 'in', [5n]).where('customer', '=', null).where('at', '>', '2024-01-01')
  orders.where('total', '<', 1.5).where('total', '=', '1.50').where('day', '=', new Date())
  dataset.table('orders__lines').where('payload', '!=', null)
  // @ts-expect-error: a table that does not exist
  dataset.table('order')
  // @ts-expect-error: a column that does not exist
  orders.select('nothing')
  // @ts-expect-error: a text is no number
  orders.where('id', '=', '5')
  // @ts-expect-error: null is only equal or not
  orders.where('id', '<', null)
  // @ts-expect-error: a column that was left out
  orders.select('id').where('customer', '=', 'a')
})

test('a join adds the columns of the other table', () => {
  const joined = dataset.table('orders').join('orders__lines', { as: 'line', kind: 'left' })
  expectTypeOf(joined.select('id', 'line__sku')).toEqualTypeOf<
    Relation<{ id: number | bigint; line__sku: string | null }, Database>
  >()
  expectTypeOf(dataset.table('orders').join('orders__lines').min('orders__lines__sku')).resolves.toEqualTypeOf<
    string | null
  >()
  dataset.table('orders').join('orders__lines', { on: { customer: 'sku' } })
  // @ts-expect-error: a column that the other table lacks
  dataset.table('orders').join('orders__lines', { on: { customer: 'nothing' } })
})

test('a relation is data', () => {
  void pipeline.run(dataset.table('orders'), { tableName: 'copies' })
  void pipeline.run(dataset.table('orders').batches(), { tableName: 'copies' })
})
