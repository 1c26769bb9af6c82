import { DestinationError } from '@dlt/destination'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { WarehouseOptions } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

/** Refuses packages with rows of a table, while it is told to. */
function refusing(table: string): WarehouseOptions & { isRefusing: boolean } {
  const options = {
    isRefusing: true,
    beforeLoad: ({ jobs }: { readonly jobs: readonly { readonly tableName: string }[] }) => {
      if (!options.isRefusing || !jobs.some(({ tableName }) => tableName === table)) return
      throw new DestinationError(`Table "${table}" is read-only.`, { kind: 'terminal' })
    },
  }
  return options
}

describe('a package that the destination refuses for good', () => {
  test('raises nothing, is reported in one line, and nothing of it is visible', async () => {
    using shop = new PipelineFixture(refusing('orders'))
    const info = await shop.pipeline().run([{ id: 1 }], orders)
    expect(info.hasFailedJobs).toBe(true)
    expect(info.failedPackages).toMatchObject([
      { state: 'failed', failure: { message: 'Table "orders" is read-only.' } },
    ])
    expect(shop.ids('orders')).toEqual([])
    expect(shop.warehouse.rows('shop', '_dlt_loads')).toEqual([])
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toEqual([])
    expect(shop.messages).toEqual([
      `Pipeline "shop": load package "${info.loadIds[0]}" failed, nothing of it is visible, and the next run tries it again before it extracts anything: Table "orders" is read-only.`,
    ])
  })

  test('waits, with the reason', async () => {
    using shop = new PipelineFixture(refusing('orders'))
    const { loadIds } = await shop.pipeline().run([{ id: 1 }], orders)
    expect(await shop.pipeline().pendingPackages()).toMatchObject([
      { loadId: loadIds[0], state: 'failed', failure: 'Table "orders" is read-only.' },
    ])
  })

  test('is tried again by the next run, which extracts nothing while it fails', async () => {
    const options = refusing('orders')
    using shop = new PipelineFixture(options)
    const { loadIds } = await shop.pipeline().run([{ id: 1 }], orders)
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 2 }
    }
    const again = await shop.pipeline().run(items, { tableName: 'others' })
    expect(again.loadIds).toEqual(loadIds)
    expect(again.hasFailedJobs).toBe(true)
    expect(pulled).toBe(0)
    options.isRefusing = false
    const healed = await shop.pipeline().run(items, { tableName: 'others' })
    expect(healed.hasFailedJobs).toBe(false)
    expect(healed.packages).toHaveLength(2)
    expect([shop.ids('orders'), shop.ids('others')]).toEqual([[1], [2]])
  })

  test('holds back what was extracted after it', async () => {
    const options = refusing('orders')
    using shop = new PipelineFixture(options)
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().extract([{ id: 2 }], { tableName: 'others' })
    await shop.pipeline().normalize()
    const info = await shop.pipeline().load()
    expect(info.packages.map(({ state }) => state)).toEqual(['failed'])
    expect(info.pendingLoadIds).toHaveLength(1)
    expect(shop.ids('others')).toEqual([])
    options.isRefusing = false
    await shop.pipeline().load()
    expect([shop.ids('orders'), shop.ids('others')]).toEqual([[1], [2]])
  })

  test('holds back the state of its group: no state is at the destination before its data', async () => {
    const options = refusing('teams')
    using shop = new PipelineFixture(options)
    const users = resource({ name: 'users', schema: createSchema('main') }, [{ id: 1 }])
    const teams = resource({ name: 'teams', schema: createSchema('other') }, [{ id: 2 }])
    const info = await shop.pipeline().run([users, teams])
    expect(info.packages.map(({ schemaName, state }) => [schemaName, state])).toEqual([['other', 'failed']])
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toEqual([])
    options.isRefusing = false
    await shop.pipeline().load()
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toHaveLength(1)
    expect([shop.ids('users'), shop.ids('teams')]).toEqual([[1], [2]])
  })

  test('in the middle of a group keeps what was loaded before it', async () => {
    const options = refusing('users')
    using shop = new PipelineFixture(options)
    const users = resource({ name: 'users', schema: createSchema('main') }, [{ id: 1 }])
    const teams = resource({ name: 'teams', schema: createSchema('other') }, [{ id: 2 }])
    const info = await shop.pipeline().run([users, teams])
    expect(info.packages.map(({ schemaName, state }) => [schemaName, state])).toEqual([
      ['other', 'loaded'],
      ['main', 'failed'],
    ])
    expect(shop.ids('teams')).toEqual([2])
    options.isRefusing = false
    await shop.pipeline().run([{ id: 3 }], { tableName: 'more' })
    expect([shop.ids('users'), shop.ids('teams'), shop.ids('more')]).toEqual([[1], [2], [3]])
  })
})
