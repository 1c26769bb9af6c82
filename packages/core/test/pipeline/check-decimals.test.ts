import { createSchema, createTable } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { PipelineFixture } from './pipeline-fixture.ts'

const wide = { price: { data_type: 'decimal', precision: 50 } } as const

/** A function that tells whether it was read. */
function countedItems(): { readonly items: () => Generator<object>; readonly pulled: () => number } {
  let pulled = 0
  function* items() {
    pulled++
    yield { id: 1, price: '1.5' }
  }
  return { items, pulled: () => pulled }
}

describe('a decimal column with more digits than the destination has', () => {
  test('is refused before anything is read, and nothing waits', async () => {
    using shop = new PipelineFixture()
    const { items, pulled } = countedItems()
    await expect(shop.pipeline().run(items, { tableName: 'orders', columns: wide })).rejects.toThrow(
      'Pipeline "shop" failed at step "extract": Column "price" of table "orders" is declared as a decimal of 50 digits, and the destination "warehouse" takes 1 to 38. ' +
        'Declare a precision of 1 to 38, or the type "text".',
    )
    expect(pulled()).toBe(0)
    expect(await shop.pipeline().pendingPackages()).toEqual([])
    await shop
      .pipeline()
      .run(items, { tableName: 'orders', columns: { price: { data_type: 'decimal', precision: 38 } } })
    expect(shop.ids('orders')).toEqual([1])
  })

  test.each([0, -1])('is refused with %i digits as well', async (precision) => {
    using shop = new PipelineFixture()
    const columns = { price: { data_type: 'decimal', precision } } as const
    await expect(shop.pipeline().run([{ id: 1 }], { tableName: 'orders', columns })).rejects.toThrow(
      `is declared as a decimal of ${precision} digits`,
    )
  })

  test('is refused in a schema that is given', async () => {
    using shop = new PipelineFixture()
    const table = createTable('prices', { columns: [{ name: 'price', ...wide.price }] })
    const schema = { ...createSchema('given'), tables: new Map([['prices', table]]) }
    await expect(shop.pipeline().run([{ id: 1 }], { tableName: 'orders', schema })).rejects.toThrow(
      'Column "price" of table "prices" is declared as a decimal of 50 digits',
    )
  })

  test('is not meant by the precision of another type', async () => {
    using shop = new PipelineFixture()
    const columns = { note: { data_type: 'text', precision: 50 } } as const
    await shop.pipeline().run([{ id: 1, note: 'a' }], { tableName: 'orders', columns })
    expect(shop.ids('orders')).toEqual([1])
  })
})
