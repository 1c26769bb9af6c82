import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Warehouse } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

describe('steps one by one, each as another process would do them', () => {
  test('give what run gives', async () => {
    using shop = new PipelineFixture()
    const extracted = await shop.pipeline().extract([{ id: 1, lines: [{ sku: 'a' }] }], orders)
    expect(extracted.packages).toMatchObject([{ schemaName: 'shop', storesState: true, metrics: { rows: 1 } }])
    const normalized = await shop.pipeline().normalize()
    expect(normalized.packages.map(({ rowCounts }) => [...rowCounts])).toEqual([
      [
        ['orders', 1],
        ['orders__lines', 1],
        ['_dlt_pipeline_state', 1],
      ],
    ])
    const loaded = await shop.pipeline().load()
    expect(loaded.loadIds).toEqual(extracted.packages.map(({ loadId }) => loadId))
    expect(loaded.steps.map(({ step }) => step)).toEqual(['load'])
    expect(shop.ids('orders')).toEqual([1])
  })

  test('show what waits', async () => {
    using shop = new PipelineFixture()
    expect(await shop.pipeline().pendingPackages()).toEqual([])
    const { packages } = await shop.pipeline().extract([{ id: 1, lines: [{ sku: 'a' }] }], orders)
    const loadId = packages[0]?.loadId
    expect(await shop.pipeline().pendingPackages()).toEqual([
      {
        loadId,
        groupId: loadId,
        state: 'extracted',
        schemaName: 'shop',
        createdAt: expect.any(Date),
        rowCounts: { orders: 1, _dlt_pipeline_state: 1 },
      },
    ])
    await shop.pipeline().normalize()
    expect(await shop.pipeline().pendingPackages()).toMatchObject([
      { loadId, state: 'normalized', rowCounts: { orders: 1, orders__lines: 1, _dlt_pipeline_state: 1 } },
    ])
    await shop.pipeline().load()
    expect(await shop.pipeline().pendingPackages()).toEqual([])
  })

  test('keep state and schemas of what waits', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    expect(shop.pipeline().state).toMatchObject({ default_schema_name: 'shop', _state_version: 1 })
    expect(shop.pipeline().defaultSchema?.tables.has('orders')).toBe(true)
    expect(shop.pipeline().defaultSchema?.tables.get('orders')?.columns.has('id')).toBe(false)
    await shop.pipeline().normalize()
    expect(shop.pipeline().defaultSchema?.tables.get('orders')?.columns.has('id')).toBe(true)
  })

  test('do nothing where nothing waits', async () => {
    using shop = new PipelineFixture()
    expect((await shop.pipeline().normalize()).packages).toEqual([])
    expect((await shop.pipeline().load()).packages).toEqual([])
    expect(shop.warehouse.log).toEqual([])
  })

  test('finish several extracts in their order', async () => {
    using shop = new PipelineFixture()
    const extracted: string[] = []
    for (const id of [1, 2, 3]) {
      const { packages } = await shop.pipeline().extract([{ id, [`only${id}`]: id }], orders)
      extracted.push(...packages.map(({ loadId }) => loadId))
    }
    await shop.pipeline().normalize()
    expect((await shop.pipeline().load()).loadIds).toEqual(extracted)
    expect(shop.ids('orders')).toEqual([1, 2, 3])
    const columns = shop.pipeline().defaultSchema?.tables.get('orders')?.columns.keys()
    expect([...(columns ?? [])]).toEqual(['id', 'only1', '_dlt_load_id', '_dlt_id', 'only2', 'only3'])
  })

  test('hold what a later extract of the same table says apart from what an earlier one said', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 0 }], orders)
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().extract([{ id: 2 }], { ...orders, writeDisposition: 'replace' })
    await shop.pipeline().extract([{ id: 3 }], orders)
    const seen: (readonly unknown[])[] = []
    await shop.pipeline().normalize()
    shop.warehouse.hooks.afterLoad = () => seen.push(shop.ids('orders'))
    await shop.pipeline().load()
    expect(seen).toEqual([[0, 1], [2], [2, 3]])
  })
})

describe('a run that meets packages that wait', () => {
  test('finishes them first, then loads its own data', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().normalize()
    await shop.pipeline().extract([{ id: 2 }], orders)
    const info = await shop.pipeline().run([{ id: 3 }], orders)
    expect(info.packages.length).toBe(3)
    expect(info.steps.map(({ step }) => step)).toEqual([
      'load',
      'normalize',
      'load',
      'sync',
      'extract',
      'normalize',
      'load',
    ])
    expect(shop.ids('orders')).toEqual([1, 2, 3])
  })

  test('extracts nothing when they cannot be finished', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    shop.warehouse.hooks.beforeUpdate = () => {
      throw new Error('out of space')
    }
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 2 }
    }
    const run = shop.pipeline().run(items, orders)
    await expect(run).rejects.toMatchObject({ step: 'load', hasPendingPackages: true, loadId: expect.any(String) })
    await expect(run).rejects.toThrow(
      /^Pipeline "shop" failed at step "load", load package "[\d.]+": out of space\. Packages wait in the working directory; the next run finishes them first, or pipeline\.abort\('[\d.]+'\) gives them up\.$/,
    )
    expect(pulled).toBe(0)
  })
})

describe('extract without a destination', () => {
  test('needs none; another process gives it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ destination: '@nobody/not-installed-destination' })
    await pipeline.extract([{ id: 1 }], orders)
    await expect(pipeline.normalize()).rejects.toMatchObject({
      step: 'normalize',
      cause: { code: 'MISSING_PACKAGE' },
      hasPendingPackages: true,
    })
    await expect(pipeline.load()).rejects.toMatchObject({ step: 'load', cause: { code: 'MISSING_PACKAGE' } })
    await expect(pipeline.run([{ id: 2 }], orders)).rejects.toMatchObject({ code: 'MISSING_PACKAGE' })
    await shop.pipeline().normalize()
    await shop.pipeline().load()
    expect(shop.ids('orders')).toEqual([1])
  })
})

describe('damage', () => {
  /** Path of the only file of a package in a stage that is found by its ending. */
  function fileIn(shop: PipelineFixture, stage: string, ending: string): string {
    const folder = join(shop.workingDir, 'packages', stage)
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return join(folder, names.find((name) => name.includes('orders') && name.endsWith(ending)) ?? '')
  }

  test('to an extracted package stops normalize with the file, nothing is lost', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    const path = fileIn(shop, 'extracted', '.page')
    const intact = readFileSync(path)
    appendFileSync(path, 'x')
    await expect(shop.pipeline().normalize()).rejects.toThrow(`"${path}" of a load package is damaged`)
    writeFileSync(path, intact)
    await shop.pipeline().normalize()
    await shop.pipeline().load()
    expect(shop.ids('orders')).toEqual([1])
  })

  test('to a normalized package stops load before anything is sent', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().normalize()
    const path = fileIn(shop, 'normalized', '.jsonl')
    writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'))
    await expect(shop.pipeline().load()).rejects.toMatchObject({ step: 'load', cause: { code: 'PACKAGE' } })
    expect(shop.warehouse.tables('shop')).toEqual([])
  })

  test('to the cache is repaired from what was loaded', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    const { state, schemas } = shop.pipeline()
    writeFileSync(join(shop.workingDir, 'state.json'), '{"half')
    rmSync(join(shop.workingDir, 'schemas'), { recursive: true })
    await shop.pipeline({ restoreFromDestination: false }).run([{ id: 2 }], orders)
    expect(shop.pipeline().state._version_hash).toBe(state._version_hash)
    expect(shop.pipeline().schemas).toEqual(schemas)
    expect(shop.ids('orders')).toEqual([1, 2])
  })
})

test('a package is not loaded into another kind of destination than it was normalized for', async () => {
  using shop = new PipelineFixture()
  await shop.pipeline().extract([{ id: 1 }], orders)
  await shop.pipeline().normalize()
  const other = Object.assign(new Warehouse(), { type: 'lake' })
  await expect(shop.pipeline().load({ destination: other })).rejects.toThrow(
    'waits for the destination "warehouse" and cannot go to the destination "warehouse" of type "lake".',
  )
  await shop.pipeline().load()
  expect(shop.ids('orders')).toEqual([1])
})
