import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { Warehouse } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

function forget(shop: PipelineFixture): void {
  rmSync(shop.workingDir, { recursive: true })
}

describe('a working directory that is gone', () => {
  test('is restored from the destination: schema, state and versions go on', async () => {
    using shop = new PipelineFixture()
    const first = shop.pipeline()
    await first.run([{ id: 1, name: 'a' }], orders)
    const { state, defaultSchema } = first
    forget(shop)
    const second = shop.pipeline()
    const info = await second.run([{ id: 2 }], orders)
    expect(info.firstRun).toBe(true)
    expect(second.defaultSchema).toEqual(defaultSchema)
    expect(second.state).toMatchObject({ _state_version: state._state_version, _version_hash: state._version_hash })
    expect(second.state._local.first_run).toBe(false)
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toHaveLength(1)
    expect(shop.warehouse.rows('shop', '_dlt_version')).toHaveLength(1)
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('brings all schemas back', async () => {
    using shop = new PipelineFixture()
    const users = resource({ name: 'users', schema: createSchema('a') }, [{ id: 1 }])
    const teams = resource({ name: 'teams', schema: createSchema('b') }, [{ id: 2 }])
    await shop.pipeline().run([users, teams])
    const { schemas } = shop.pipeline()
    forget(shop)
    await shop.pipeline().run([{ id: 3 }], { tableName: 'users' })
    expect([...shop.pipeline().schemas.keys()]).toEqual(['a', 'b'])
    expect(shop.pipeline().schemas.get('b')).toEqual(schemas.get('b'))
  })

  test('starts anew where restoring is switched off', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1, name: 'a' }], orders)
    forget(shop)
    const pipeline = shop.pipeline({ restoreFromDestination: false })
    await pipeline.run([{ id: 2 }], orders)
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(shop.warehouse.log.filter((line) => line === 'connect')).toHaveLength(3)
  })

  test('takes load ids that follow those at the destination, also when the clock was set back', async () => {
    using shop = new PipelineFixture()
    const future = (Date.now() + 86_400_000) / 1000
    const { loadIds } = await shop.pipeline().run([{ id: 1 }], orders)
    forget(shop)
    shop.warehouse.rewrite((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === loadIds[0] ? `${future}` : value])),
    )
    const info = await shop.pipeline().run([{ id: 2 }], orders)
    expect(Number(info.loadIds[0])).toBeGreaterThan(future)
  })

  test('is restored from a dataset that has another name now, and data goes there', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ datasetName: 'original' }).run([{ id: 1 }], orders)
    forget(shop)
    shop.warehouse.rename('original', 'shop')
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
    expect(shop.warehouse.tables('original')).toEqual([])
    expect(pipeline.state).toMatchObject({ _state_version: 2, dataset_name: 'shop' })
  })

  test('of another name is another pipeline', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    const other = shop.pipeline({ pipelineName: 'other', workingDir: shop.folder.in('other'), datasetName: 'shop' })
    await other.run([{ id: 2 }], orders)
    expect(other.state._state_version).toBe(1)
    expect(shop.warehouse.values('shop', '_dlt_pipeline_state', 'pipeline_name')).toEqual(['shop', 'other'])
  })
})

describe('state of another working directory', () => {
  /** A second working directory of the same pipeline. */
  const elsewhere = (shop: PipelineFixture): Pipeline => shop.pipeline({ workingDir: shop.folder.in('elsewhere') })

  test('that is newer is taken', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    await elsewhere(shop).run(resource({ name: 'teams', schema: createSchema('b') }, [{ id: 2 }]))
    await shop.pipeline().run([{ id: 3 }], orders)
    expect(shop.pipeline().state).toMatchObject({ _state_version: 2, schema_names: ['b', 'shop'] })
    expect(shop.pipeline().schemas.get('b')?.tables.has('teams')).toBe(true)
  })

  test('that is older is not, and the local one is stored', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    const teams = resource({ name: 'teams', schema: createSchema('b') }, [{ id: 2 }])
    await shop.pipeline({ restoreFromDestination: false }).run(teams)
    expect(shop.warehouse.values('shop', '_dlt_pipeline_state', 'version')).toEqual([1])
    await shop.pipeline().run([{ id: 3 }], orders)
    expect(shop.pipeline().state).toMatchObject({ _state_version: 2, schema_names: ['b', 'shop'] })
    expect(shop.warehouse.values('shop', '_dlt_pipeline_state', 'version')).toEqual([1, 2])
  })

  test('does not touch packages that wait: they are finished first', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline().extract([{ id: 2, mine: true }], orders)
    await elsewhere(shop).run([{ id: 3, theirs: true }], orders)
    await shop.pipeline().run([{ id: 4 }], orders)
    expect(shop.ids('orders').toSorted()).toEqual([1, 2, 3, 4])
  })
})

describe('missing parts', () => {
  test('a schema that is missing here is taken from the destination', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1, name: 'a' }], orders)
    const { defaultSchema } = shop.pipeline()
    rmSync(join(shop.workingDir, 'schemas'), { recursive: true })
    rmSync(join(shop.workingDir, 'packages'), { recursive: true })
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.pipeline().defaultSchema).toEqual(defaultSchema)
  })

  test('a state that is missing there is stored again', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    shop.warehouse.rewrite((row) => (row['pipeline_name'] === 'shop' ? { ...row, pipeline_name: 'gone' } : row))
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.warehouse.values('shop', '_dlt_pipeline_state', 'pipeline_name')).toEqual(['gone', 'shop'])
  })

  test('a schema that is missing on both sides is a warning', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    forget(shop)
    shop.warehouse.rewrite((row) => (row['schema_name'] === 'shop' ? { ...row, schema_name: 'gone' } : row))
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.messages).toEqual([
      'Pipeline "shop": dataset "shop" does not have the schema "shop" that its state names.',
    ])
    expect(shop.ids('orders')).toEqual([1, 2])
  })
})

describe('a dataset that was dropped', () => {
  test('makes the pipeline start anew, and says so', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1, name: 'a' }], orders)
    shop.warehouse.drop('shop')
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([2])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toHaveLength(1)
    expect(shop.messages).toEqual([
      'Pipeline "shop": the dataset "shop" does not exist any more, so state and schemas are forgotten and loading starts anew.',
    ])
  })

  test('is noticed by a pipeline that goes on running', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const first = await pipeline.run([{ id: 1 }], orders)
    shop.warehouse.drop('shop')
    const second = await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([2])
    expect(Number(second.loadIds[0])).toBeGreaterThan(Number(first.loadIds[0]))
  })

  test('does not lose packages that wait: they are loaded into a new dataset', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline().extract([{ id: 2 }], orders)
    shop.warehouse.drop('shop')
    await shop.pipeline().run([{ id: 3 }], orders)
    expect(shop.ids('orders')).toEqual([2, 3])
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toHaveLength(1)
  })

  test('that never was is no reason for a warning', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    expect(shop.messages).toEqual([])
  })
})

test('a destination that cannot be reached fails the step "sync" before anything is extracted', async () => {
  using shop = new PipelineFixture({
    connect: () => {
      throw new Error('no route to host')
    },
  })
  let pulled = 0
  function* items() {
    pulled++
    yield { id: 1 }
  }
  await expect(shop.pipeline().run(items)).rejects.toThrow('Pipeline "shop" failed at step "sync": no route to host')
  expect(pulled).toBe(0)
})

describe('a pipeline that turns to another dataset or destination', () => {
  test('is not told that a new dataset was dropped', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], { tableName: 'orders' })
    await shop.pipeline({ datasetName: 'fresh' }).run([{ id: 2 }], { tableName: 'orders' })
    expect(shop.messages).toEqual([])
    expect(shop.ids('orders', 'fresh')).toEqual([2])
  })

  test('is refused a database in memory while packages wait for another destination', async () => {
    using shop = new PipelineFixture()
    const { packages } = await shop.pipeline().extract([{ id: 1 }], { tableName: 'orders' })
    const [loadId] = packages.map((each) => each.loadId)
    const memory = new Warehouse({ isVolatile: true })
    await expect(shop.pipeline({ destination: memory }).run([{ id: 2 }], { tableName: 'orders' })).rejects.toThrow(
      `Pipeline "shop" has load packages that wait for another destination: ${loadId}.`,
    )
    await shop.pipeline().run([{ id: 2 }], { tableName: 'orders' })
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('starts anew in memory whatever an earlier process left for a database in memory', async () => {
    using shop = new PipelineFixture()
    await shop
      .pipeline({ destination: new Warehouse({ isVolatile: true }) })
      .extract([{ id: 1 }], { tableName: 'orders' })
    const memory = new Warehouse({ isVolatile: true })
    await shop.pipeline({ destination: memory }).run([{ id: 2 }], { tableName: 'orders' })
    expect(memory.values('shop', 'orders', 'id')).toEqual([2])
  })
})
