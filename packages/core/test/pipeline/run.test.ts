import { setTimeout } from 'node:timers/promises'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { PipelineStepFailed } from '../../src/pipeline/pipeline-step-failed.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = [
  { id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] },
  { id: 2, lines: [] },
]

describe('a run', () => {
  test('loads nested documents, the state and the schema', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const info = await pipeline.run(orders, { tableName: 'orders' })
    expect(shop.warehouse.tables('shop')).toEqual([
      '_dlt_loads',
      '_dlt_pipeline_state',
      '_dlt_version',
      'orders',
      'orders__lines',
    ])
    expect(shop.ids('orders')).toEqual([1, 2])
    expect(shop.warehouse.values('shop', 'orders__lines', 'sku')).toEqual(['a', 'b'])
    const [loadId] = info.loadIds
    expect(shop.warehouse.values('shop', 'orders', '_dlt_load_id')).toEqual([loadId, loadId])
    expect(shop.warehouse.rows('shop', '_dlt_loads')).toEqual([
      { load_id: loadId, schema_name: 'shop', status: 0, schema_version_hash: pipeline.defaultSchema?.version_hash },
    ])
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toEqual([
      expect.objectContaining({
        version: 1,
        engine_version: 4,
        pipeline_name: 'shop',
        version_hash: pipeline.state._version_hash,
        _dlt_load_id: loadId,
      }),
    ])
    expect(shop.messages).toEqual([])
  })

  test('tells what it did', async () => {
    using shop = new PipelineFixture()
    const info = await shop.pipeline().run(orders, { tableName: 'orders' })
    expect(info).toMatchObject({
      pipelineName: 'shop',
      destinationType: 'warehouse',
      destinationName: 'warehouse',
      destination: 'warehouse:///test',
      datasetName: 'shop',
      firstRun: true,
      hasFailedJobs: false,
      rowCounts: { orders: 2, orders__lines: 2 },
      pendingLoadIds: [],
      extracted: [{ schemaName: 'shop', storesState: true, metrics: { rows: 2 } }],
      normalized: [
        {
          schemaName: 'shop',
          rowCounts: new Map([
            ['orders', 2],
            ['orders__lines', 2],
            ['_dlt_pipeline_state', 1],
          ]),
        },
      ],
    })
    expect(info.steps.map(({ step }) => step)).toEqual(['sync', 'extract', 'normalize', 'load'])
    for (const { startedAt, finishedAt } of info.steps) expect(finishedAt >= startedAt).toBe(true)
    expect((await shop.pipeline().run(orders, { tableName: 'orders' })).firstRun).toBe(false)
  })

  test('leaves nothing in the working directory but what was loaded, state and schemas', async () => {
    using shop = new PipelineFixture()
    const { loadIds } = await shop.pipeline().run(orders, { tableName: 'orders' })
    for (const stage of ['extracting', 'extracted', 'normalizing', 'normalized']) {
      expect(shop.names('packages', stage), stage).toEqual([])
    }
    expect(shop.names('packages', 'loaded')).toEqual(loadIds)
    expect(shop.names('schemas')).toEqual(['shop.schema.json'])
  })

  test('appends again; an unchanged state and schema are not stored again', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(orders, { tableName: 'orders' })
    await shop.pipeline().run([{ id: 3 }], { tableName: 'orders' })
    expect(shop.ids('orders')).toEqual([1, 2, 3])
    expect(shop.warehouse.rows('shop', '_dlt_loads').length).toBe(2)
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state').length).toBe(1)
    expect(shop.warehouse.rows('shop', '_dlt_version').length).toBe(1)
  })

  test('replaces rows of a table and of the tables nested in it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run(orders, { tableName: 'orders' })
    await pipeline.run([{ id: 9 }], { tableName: 'orders', writeDisposition: 'replace' })
    expect(shop.ids('orders')).toEqual([9])
    expect(shop.warehouse.rows('shop', 'orders__lines')).toEqual([])
  })

  test('replaces by nothing what gave nothing', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run(orders, { tableName: 'orders' })
    await pipeline.run([], { tableName: 'orders', writeDisposition: 'replace' })
    expect(shop.ids('orders')).toEqual([])
    expect(shop.warehouse.rows('shop', 'orders__lines')).toEqual([])
  })

  test('loads nothing into a table with the disposition "skip"', async () => {
    using shop = new PipelineFixture()
    const skipped = resource({ name: 'skipped', writeDisposition: 'skip' }, [{ id: 1 }])
    await shop.pipeline().run([skipped, resource({ name: 'orders' }, orders)])
    expect(shop.ids('orders')).toEqual([1, 2])
    expect(shop.ids('skipped')).toEqual([])
  })

  test('refuses "merge" before anything is extracted', async () => {
    using shop = new PipelineFixture()
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 1 }
    }
    const run = shop.pipeline().run(items, { writeDisposition: 'merge' })
    await expect(run).rejects.toMatchObject({ step: 'extract', cause: { code: 'UNSUPPORTED' } })
    expect(pulled).toBe(0)
  })

  test('of nothing at all loads the state once, then nothing', async () => {
    using shop = new PipelineFixture()
    expect((await shop.pipeline().run([], { tableName: 'orders' })).loadIds).toHaveLength(1)
    const info = await shop.pipeline().run([], { tableName: 'orders' })
    expect(info.loadIds).toEqual([])
    expect(String(info)).toContain('0 load package(s) were loaded')
    expect(shop.names('packages', 'extracting')).toEqual([])
  })
})

describe('several schemas in one run', () => {
  const fromA = resource({ name: 'users', schema: createSchema('a') }, [{ id: 1 }])
  const fromB = resource({ name: 'teams', schema: createSchema('b') }, [{ id: 2 }])

  test('make one package each; the default schema comes last, with the state', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const info = await pipeline.run([fromA, fromB])
    expect(info.packages.map(({ schemaName, stateVersion }) => [schemaName, stateVersion])).toEqual([
      ['b', undefined],
      ['a', 1],
    ])
    expect(info.loadIds.toSorted()).toEqual(info.loadIds)
    expect(shop.warehouse.values('shop', '_dlt_pipeline_state', '_dlt_load_id')).toEqual([info.loadIds[1]])
    expect([shop.ids('users'), shop.ids('teams')]).toEqual([[1], [2]])
    expect(pipeline.state).toMatchObject({ default_schema_name: 'a', schema_names: ['a', 'b'] })
    expect([...pipeline.schemas.keys()]).toEqual(['a', 'b'])
  })

  test('a new schema alone brings a package of the default schema that holds the changed state', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(fromA)
    const info = await shop.pipeline().run(fromB)
    expect(info.packages.map(({ schemaName, jobs }) => [schemaName, jobs.map(({ tableName }) => tableName)])).toEqual([
      ['b', ['teams']],
      ['a', ['_dlt_pipeline_state']],
    ])
    const again = await shop.pipeline().run(fromB)
    expect(again.packages.map(({ schemaName }) => schemaName)).toEqual(['b'])
  })

  test('are one where a schema is given to the run', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run([fromA, fromB], { schema: createSchema('all') })
    expect([...pipeline.schemas.keys()]).toEqual(['all'])
    expect([shop.ids('users'), shop.ids('teams')]).toEqual([[1], [2]])
  })
})

describe('data that fails half-way', () => {
  function* half() {
    yield [{ id: 1 }]
    throw new Error('connection lost')
  }

  test('is PipelineStepFailed; nothing is committed and nothing changes', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(orders, { tableName: 'orders' })
    const before = shop.pipeline()
    const [state, schemas] = [before.state, before.schemas]
    const error: unknown = await shop
      .pipeline()
      .run(half)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PipelineStepFailed)
    expect(error).toMatchObject({ code: 'STEP_FAILED', pipeline: 'shop', step: 'extract', hasPendingPackages: false })
    expect(String(error)).toBe(
      'PipelineStepFailed: Pipeline "shop" failed at step "extract": Resource "half" failed after 1 item in 1 page: Error: connection lost. Nothing of this run was stored; run again when the cause is removed.',
    )
    expect(shop.pipeline().state).toEqual(state)
    expect(shop.pipeline().schemas).toEqual(schemas)
    expect(shop.names('packages', 'extracting')).toEqual([])
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('of one source takes the whole group with it', async () => {
    using shop = new PipelineFixture()
    const good = resource({ name: 'good', schema: createSchema('good') }, [{ id: 1 }])
    await expect(shop.pipeline().run([good, half])).rejects.toThrow('connection lost')
    expect(shop.names('packages', 'extracted')).toEqual([])
    expect(await shop.pipeline().pendingPackages()).toEqual([])
  })
})

describe('calls at the same time', () => {
  test('wait in line', async () => {
    using shop = new PipelineFixture()
    const slow = (id: number) =>
      async function* items() {
        await setTimeout(5)
        yield { id }
      }
    const pipeline = shop.pipeline()
    await Promise.all([pipeline.run(slow(1)), shop.pipeline().run(slow(2)), pipeline.run(slow(3))])
    expect(shop.ids('items')).toEqual([1, 2, 3])
    expect(new Set(shop.warehouse.values('shop', 'items', '_dlt_load_id')).size).toBe(3)
  })

  test('from inside of data are refused, and the outer run fails with that', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    async function* items() {
      await pipeline.run([{ id: 1 }], { tableName: 'inner' })
      yield { id: 2 }
    }
    await expect(pipeline.run(items)).rejects.toThrow('this call comes from inside of it')
    await pipeline.run([{ id: 3 }], { tableName: 'items' })
    expect(shop.ids('items')).toEqual([3])
  })
})
