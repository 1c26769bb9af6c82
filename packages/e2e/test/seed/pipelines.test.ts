import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import dlt, { createSchema } from '@dlt/core'
import { duckdb } from '@dlt/core/destinations'
import { duckdb as duckdbPackage } from '@dlt/destination-duckdb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DuckDbShop } from '../duckdb/duckdb-shop.ts'

const orders = { tableName: 'orders' } as const

let shop: DuckDbShop

beforeEach(() => {
  shop = new DuckDbShop()
})

afterEach(() => {
  shop[Symbol.dispose]()
})

const ids = (dataset: string): Promise<readonly unknown[]> =>
  shop.values(`SELECT id FROM ${dataset}.orders ORDER BY id`)

describe('a destination', () => {
  test.each([
    ['its name', 'duckdb'],
    ['what @dlt/core/destinations exports', duckdb],
    ['what its package exports', duckdbPackage],
  ])('is given to a pipeline or to run by %s', async (_, destination) => {
    vi.stubEnv('DESTINATION__DUCKDB__CREDENTIALS', shop.file)
    try {
      const options = { pipelineName: 'shop', workingDir: shop.workingDir }
      await dlt.pipeline({ ...options, destination }).run([{ id: 1 }], orders)
      await dlt.pipeline(options).run([{ id: 2 }], { ...orders, destination })
      expect(await ids('shop')).toEqual(['1', '2'])
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test.each([
    ['what @dlt/core/destinations exports', duckdb],
    ['what its package exports', duckdbPackage],
  ])('can be called to give credentials: %s', async (_, factory) => {
    await shop.pipeline({ destination: factory({ credentials: shop.file }) }).run([{ id: 1 }], orders)
    expect(await ids('shop')).toEqual(['1'])
  })

  test('takes credentials that are given to run', async () => {
    const pipeline = shop.pipeline({ destination: 'duckdb' })
    await pipeline.run([{ id: 1 }], { ...orders, credentials: shop.file })
    expect(await ids('shop')).toEqual(['1'])
  })
})

describe('the dataset', () => {
  test('is called like the pipeline, or as dlt.pipeline, run or load say', async () => {
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline({ datasetName: 'of_pipeline' }).run([{ id: 2 }], orders)
    await shop.pipeline().run([{ id: 3 }], { ...orders, datasetName: 'of_run' })
    const pipeline = shop.pipeline()
    await pipeline.extract([{ id: 4 }], orders)
    await pipeline.normalize()
    await pipeline.load({ datasetName: 'of_load' })
    expect([await ids('shop'), await ids('of_pipeline'), await ids('of_run'), await ids('of_load')]).toEqual([
      ['1'],
      ['2'],
      ['3'],
      ['4'],
    ])
  })

  test('gets the time as suffix in development mode, and the one before stays as it is', async () => {
    await shop.pipeline({ datasetName: 'my_data' }).run([{ id: 1, old: true }], orders)
    const pipeline = shop.pipeline({ datasetName: 'my_data', devMode: true })
    await pipeline.run([{ id: 2 }], orders)
    expect(pipeline.datasetName).toMatch(/^my_data_20\d{12}$/)
    expect(await ids(pipeline.datasetName)).toEqual(['2'])
    expect(await ids('my_data')).toEqual(['1'])
    expect([...(pipeline.defaultSchema?.tables.get('orders')?.columns.keys() ?? [])]).not.toContain('old')
  })
})

test('a script may have several pipelines', async () => {
  const destination = duckdb({ credentials: shop.file })
  const one = dlt.pipeline({ pipelineName: 'one', workingDir: join(shop.folder, 'one'), destination })
  const two = dlt.pipeline({ pipelineName: 'two', workingDir: join(shop.folder, 'two'), destination })
  await Promise.all([one.run([{ id: 1 }], orders), two.run([{ id: 2 }], orders)])
  await one.run([{ id: 3 }], orders)
  expect([await ids('one'), await ids('two')]).toEqual([['1', '3'], ['2']])
})

test('a working directory that is given holds packages, schemas and state', async () => {
  const pipeline = shop.pipeline()
  expect(pipeline.workingDir).toBe(shop.workingDir)
  await pipeline.extract([{ id: 1 }], orders)
  expect(readdirSync(shop.workingDir)).toEqual(expect.arrayContaining(['packages', 'schemas']))
  const [waiting] = await pipeline.pendingPackages()
  expect(readdirSync(join(shop.workingDir, 'packages/extracted'))).toHaveLength(1)
  await pipeline.normalize()
  await pipeline.load()
  expect(await pipeline.pendingPackages()).toEqual([])
  expect(waiting?.state).toBe('extracted')
  expect(readdirSync(join(shop.workingDir, 'schemas'))).toEqual(['shop.schema.json'])
  expect(readdirSync(shop.workingDir)).toContain('state.json')
})

describe('several schemas', () => {
  const source = (name: string, rows: readonly object[]) =>
    dlt.source({ name }, () => [dlt.resource({ name: 'items' }, rows)])()

  test('go into one dataset: tables are not prefixed, and those of one name are the union of their columns', async () => {
    await shop.pipeline().run([source('one', [{ id: 1, a: 'x' }]), source('two', [{ id: 2, b: true }])])
    expect(await shop.query('SELECT id, a, b FROM shop.items ORDER BY id')).toEqual([
      ['1', 'x', null],
      ['2', null, true],
    ])
    expect(await shop.values('SELECT DISTINCT schema_name FROM shop._dlt_version ORDER BY 1')).toEqual(['one', 'two'])
    expect(await shop.values('SELECT DISTINCT table_schema FROM information_schema.tables')).toEqual(['shop'])
  })

  test('are told apart by their names: the first is the default, and takes what has none', async () => {
    const pipeline = shop.pipeline({ datasetName: 'spotify_data_1' })
    await pipeline.extract(source('spotify', [{ id: 1 }]))
    await pipeline.extract(source('echonest', [{ id: 2 }]))
    await pipeline.extract([{ id: 3 }], { name: 'labels' })
    await pipeline.normalize()
    await pipeline.load()
    expect([pipeline.defaultSchemaName, [...pipeline.schemas.keys()]]).toEqual(['spotify', ['echonest', 'spotify']])
    expect(pipeline.defaultSchema?.tables.has('labels')).toBe(true)
    expect(await shop.values('SELECT id FROM spotify_data_1.labels')).toEqual(['3'])
  })

  test('become one where a schema is given to run', async () => {
    const pipeline = shop.pipeline()
    await pipeline.run([source('one', [{ id: 1 }]), dlt.resource({ name: 'more' }, [{ id: 2 }])], {
      schema: createSchema('mine'),
    })
    expect([...pipeline.schemas.keys()]).toEqual(['mine'])
    expect(await shop.values('SELECT schema_name FROM shop._dlt_loads')).toEqual(['mine'])
  })
})
