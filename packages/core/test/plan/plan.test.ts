import { describe, expect, test } from 'vitest'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

describe('a plan for a destination that cannot compare', () => {
  test('goes by what the pipeline has stored, and loads nothing', async () => {
    using shop = new PipelineFixture()
    const first = await shop.pipeline().plan([{ id: 1 }], orders)
    expect(first.tables).toMatchObject([{ tableName: 'orders', change: 'create', rows: 1 }])
    await shop.pipeline().run([{ id: 1 }], orders)
    const calls = shop.warehouse.log.length
    const plan = await shop.pipeline().plan([{ id: 2, price: 1.5 }], orders)
    expect(plan.tables).toMatchObject([
      { change: 'alter', newColumns: [{ name: 'price', dataType: 'double', nullable: true }] },
    ])
    expect((await shop.pipeline().plan([{ id: 3 }], orders)).tables).toMatchObject([{ change: 'none', rows: 1 }])
    expect(shop.warehouse.log.slice(calls).filter((line) => /^(update|load)/.test(line))).toEqual([])
    expect(shop.ids('orders')).toEqual([1])
  })

  test('tells what goes, and that dropped tables are made again', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    const plan = await shop.pipeline().plan([{ id: 2 }], { ...orders, refresh: 'drop_sources' })
    expect(plan.removals).toEqual([{ datasetName: 'shop', tableName: 'orders', removes: 'table' }])
    expect(plan.tables).toMatchObject([{ tableName: 'orders', change: 'create', rows: 1 }])
    expect(plan.tables[0]?.newColumns.map(({ name }) => name)).toEqual(['id', '_dlt_load_id', '_dlt_id'])
    expect(shop.ids('orders')).toEqual([1])
  })
})

test('options that plan does not know are refused', async () => {
  using shop = new PipelineFixture()
  const misspelled = { ...orders, table_name: 'orders' }
  await expect(shop.pipeline().plan([{ id: 1 }], misspelled)).rejects.toThrow(
    'plan has no option "table_name". Write "tableName".',
  )
})
