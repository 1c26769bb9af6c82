import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

describe('names', () => {
  test.each(['', ' ', 'a/b', 'a\\b', '..', '.hidden', 'trailing.', 'a\nb', 'a:b', 'x'.repeat(129)])(
    '"%s" cannot be the name of a pipeline',
    (pipelineName) => {
      expect(() => new Pipeline({ pipelineName })).toThrow(
        expect.objectContaining({
          code: 'CONFIGURATION',
          message: expect.stringContaining('cannot be the name of a pipeline'),
        }),
      )
    },
  )

  test.each(['github', 'my pipeline', 'Ünïcode', 'with.dots', '2024'])('"%s" can', (pipelineName) => {
    expect(new Pipeline({ pipelineName }).pipelineName).toBe(pipelineName)
  })

  test('the dataset is called like the pipeline unless it is given', async () => {
    using shop = new PipelineFixture()
    expect(shop.pipeline().datasetName).toBe('shop')
    expect(shop.pipeline({ datasetName: 'data' }).datasetName).toBe('data')
    await shop.pipeline().run([{ id: 1 }], { ...orders, datasetName: 'other' })
    expect(shop.ids('orders', 'other')).toEqual([1])
  })

  test('a dataset that was given holds for the next process', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ datasetName: 'data' }).run([{ id: 1 }], orders)
    expect(shop.pipeline().datasetName).toBe('data')
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.ids('orders', 'data')).toEqual([1, 2])
  })

  test('a dataset that is given to load holds for the next process', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().normalize()
    await shop.pipeline().load({ datasetName: 'late' })
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.ids('orders', 'late')).toEqual([1, 2])
    expect(shop.warehouse.tables('shop')).toEqual([])
  })

  test('the default schema is called like the pipeline, normalized', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ pipelineName: 'My Shop' })
    await pipeline.run([{ id: 1 }], orders)
    expect(pipeline.defaultSchemaName).toBe('my_shop')
  })

  test('the default schema of a generator function is called like it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    await pipeline.run(function* echonest() {
      yield { id: 1 }
    })
    expect(pipeline.defaultSchemaName).toBe('echonest')
  })
})

describe('the working directory', () => {
  test('is found by DLT_DATA_DIR', () => {
    using folder = new TemporaryDirectory()
    const previous = process.env['DLT_DATA_DIR']
    process.env['DLT_DATA_DIR'] = folder.path
    try {
      expect(new Pipeline({ pipelineName: 'shop' }).workingDir).toBe(folder.in('pipelines', 'shop'))
    } finally {
      if (previous === undefined) delete process.env['DLT_DATA_DIR']
      else process.env['DLT_DATA_DIR'] = previous
    }
  })

  test('is not made before a step needs it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    expect(pipeline.state._state_version).toBe(0)
    expect(pipeline.schemas.size).toBe(0)
    expect(pipeline.defaultSchema).toBeUndefined()
    expect(pipeline.defaultSchemaName).toBeUndefined()
    expect(await pipeline.pendingPackages()).toEqual([])
    expect(existsSync(shop.workingDir)).toBe(false)
  })

  test('of Python dlt is refused before anything is read, and left as it is', async () => {
    using shop = new PipelineFixture()
    mkdirSync(shop.workingDir)
    writeFileSync(join(shop.workingDir, 'state.json'), '{"_state_version":1}')
    const pipeline = shop.pipeline()
    await expect(pipeline.run([{ id: 1 }], orders)).rejects.toThrow('was made by Python dlt')
    expect(() => pipeline.state).toThrow('was made by Python dlt')
    await expect(shop.pipeline({ devMode: true }).run([{ id: 1 }], orders)).rejects.toThrow('was made by Python dlt')
    expect(shop.names()).toEqual(['state.json'])
  })

  test('of another pipeline is refused', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    await expect(shop.pipeline({ pipelineName: 'other' }).run([{ id: 1 }], orders)).rejects.toThrow(
      'belongs to pipeline "shop"',
    )
  })
})

describe('the destination', () => {
  test('must be given to run', async () => {
    using shop = new PipelineFixture()
    const pipeline = new Pipeline({ pipelineName: 'shop', workingDir: shop.workingDir })
    await expect(pipeline.run([{ id: 1 }], orders)).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('No destination is given'),
    })
    await pipeline.run([{ id: 2 }], { ...orders, destination: shop.warehouse })
    expect(shop.ids('orders')).toEqual([2])
  })

  test('is checked before anything is read', async () => {
    using shop = new PipelineFixture()
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 1 }
    }
    const pipeline = shop.pipeline({ datasetName: 'forbidden' })
    await expect(pipeline.run(items)).rejects.toMatchObject({ code: 'CONFIGURATION', name: 'DltError' })
    expect(pulled).toBe(0)
  })

  test('gets credentials that are given to run', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], { ...orders, credentials: { user: 'me' } })
    expect(shop.warehouse.contexts.at(-1)).toMatchObject({
      pipelineName: 'shop',
      datasetName: 'shop',
      credentials: { user: 'me' },
      localDirectory: process.cwd(),
    })
  })

  test('stands in the state by its kind, and by its name where it has another', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    expect(shop.pipeline().state).toMatchObject({ destination_type: 'warehouse', destination_name: null })
    const destination = new Warehouse({ name: 'prod' })
    await shop.pipeline({ destination }).run([{ id: 1 }], orders)
    expect(shop.pipeline().state).toMatchObject({ destination_type: 'warehouse', destination_name: 'prod' })
  })

  test('an official one stands in the state as the reference system names it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ destination: 'duckdb' })
    await pipeline.extract([{ id: 1 }], orders)
    expect(pipeline.state.destination_type).toBe('dlt.destinations.duckdb')
  })

  test('is closed with the pipeline', async () => {
    using shop = new PipelineFixture()
    {
      await using pipeline = shop.pipeline()
      await pipeline.run([{ id: 1 }], orders)
    }
    expect(shop.warehouse.log.at(-1)).toBe('close destination')
    await shop.pipeline().close()
  })
})

describe('development mode', () => {
  test('starts anew with a dataset of its own, and removes nothing from the destination', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1, name: 'a' }], orders)
    const pipeline = shop.pipeline({ devMode: true })
    expect(pipeline.datasetName).toMatch(/^shop_\d{14}$/)
    expect(pipeline.state._state_version).toBe(0)
    await pipeline.run([{ id: 2 }], orders)
    await pipeline.run([{ id: 3 }], orders)
    expect(shop.ids('orders', pipeline.datasetName)).toEqual([2, 3])
    expect(shop.ids('orders')).toEqual([1])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(pipeline.state.dataset_name).toBe(pipeline.datasetName)
  })

  test('gives the suffix to a dataset that is given', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ devMode: true, datasetName: 'my_data' })
    await pipeline.run([{ id: 1 }], { ...orders })
    expect(pipeline.datasetName).toMatch(/^my_data_20\d{12}$/)
    await pipeline.run([{ id: 2 }], { ...orders, datasetName: 'yours' })
    expect(pipeline.datasetName).toMatch(/^yours_20\d{12}$/)
  })

  test('gives up packages that wait', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().extract([{ id: 1 }], orders)
    const pipeline = shop.pipeline({ devMode: true })
    expect(await pipeline.pendingPackages()).toEqual([])
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders', pipeline.datasetName)).toEqual([2])
  })

  test('starts anew in each pipeline object, and helps out of a damaged directory', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ devMode: true }).run([{ id: 1, name: 'a' }], orders)
    writeFileSync(join(shop.workingDir, 'state.json'), 'damaged')
    const second = shop.pipeline({ devMode: true, datasetName: 'second' })
    await second.run([{ id: 2 }], orders)
    expect(second.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
  })

  test('restores nothing', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ devMode: true })
    const info = await pipeline.run([{ id: 1 }], orders)
    expect(info.steps.map(({ step }) => step)).toEqual(['extract', 'normalize', 'load'])
  })
})

describe('a destination whose data ends with the process', () => {
  test('starts with a fresh working directory', async () => {
    using shop = new PipelineFixture({ isVolatile: true })
    await shop.pipeline({ destination: new Warehouse() }).run([{ id: 1, name: 'a' }], orders)
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([2])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(shop.messages).toEqual([])
  })

  test('goes on within the process, also with another pipeline object', async () => {
    using shop = new PipelineFixture({ isVolatile: true })
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline().run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
    expect(shop.pipeline().state._state_version).toBe(1)
  })

  test('starts anew when the pipeline was closed', async () => {
    using shop = new PipelineFixture({ isVolatile: true })
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 1, name: 'a' }], orders)
    await pipeline.close()
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([2])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name')).toBe(false)
    expect(shop.messages).toEqual([])
  })

  test('keeps packages of this process that wait', async () => {
    using shop = new PipelineFixture({ isVolatile: true })
    const pipeline = shop.pipeline()
    await pipeline.extract([{ id: 1 }], orders)
    await pipeline.normalize()
    await pipeline.load()
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
  })
})

describe('dlt', () => {
  const previous = process.env['DLT_DATA_DIR']
  afterEach(() => {
    if (previous === undefined) delete process.env['DLT_DATA_DIR']
    else process.env['DLT_DATA_DIR'] = previous
  })

  test('runs the default pipeline, then the one that was configured last', async () => {
    using folder = new TemporaryDirectory()
    process.env['DLT_DATA_DIR'] = folder.path
    const warehouse = new Warehouse()
    const info = await dlt.run([{ id: 1 }], { ...orders, destination: warehouse })
    expect(info.pipelineName).toBe(dlt.pipeline().pipelineName)
    expect(info.pipelineName).toMatch(/^dlt_/)
    expect(info.datasetName).toBe(info.pipelineName)
    const configured = dlt.pipeline({ pipelineName: 'configured', destination: warehouse })
    expect(dlt.pipeline()).toBe(configured)
    await dlt.run([{ id: 2 }], orders)
    expect(warehouse.values('configured', 'orders', 'id')).toEqual([2])
  })
})

test('the secret of a pipeline is random unless it is given', () => {
  const secret = () => new Pipeline({ pipelineName: 'p' }).pipelineSecret
  expect(secret()).not.toBe(secret())
  expect(new Pipeline({ pipelineName: 'p', pipelineSecret: 'mine' }).pipelineSecret).toBe('mine')
})

describe('options that a call does not know', () => {
  test.each([
    [{ dataset_name: 'data' }, 'dlt.pipeline has no option "dataset_name". Write "datasetName".'],
    [{ devmode: true }, 'dlt.pipeline has no option "devmode". Write "devMode".'],
    [{ progress: 'log' }, /^dlt\.pipeline has no option "progress"\. It knows pipelineName, workingDir, /],
  ])('%j is refused', (options, message) => {
    expect(() => new Pipeline({ pipelineName: 'shop', ...options })).toThrow(message)
  })

  test('are refused by each step before anything is read', async () => {
    using shop = new PipelineFixture()
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 1 }
    }
    const misspelled = { tableName: 'orders', table_name: 'orders' }
    await expect(shop.pipeline().run(items, misspelled)).rejects.toThrow(
      'run has no option "table_name". Write "tableName".',
    )
    await expect(shop.pipeline().extract(items, misspelled)).rejects.toThrow('extract has no option "table_name"')
    await expect(shop.pipeline().load({ datasetName: 'x', ...{ dataset: 'x' } })).rejects.toThrow(
      'load has no option "dataset"',
    )
    expect(pulled).toBe(0)
  })
})

describe('the dataset in the load info', () => {
  test('is called as it is at the destination', async () => {
    using shop = new PipelineFixture()
    const info = await shop.pipeline().run([{ id: 1 }], { ...orders, datasetName: 'My Data' })
    expect(info.datasetName).toBe('my_data')
    expect(shop.ids('orders', 'my_data')).toEqual([1])
  })
})
