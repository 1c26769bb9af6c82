import { createSchema, DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { DatasetLayout } from '../../src/pipeline/dataset-layout.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const spotify = source({ name: 'spotify' }, () => [resource({ name: 'songs' }, [{ id: 1 }])])
const echonest = source({ name: 'echonest' }, () => [resource({ name: 'mel' }, [{ id: 2 }])])

/** The example of the specification: two sources, and a list that belongs to none. */
async function runExample(pipeline: Pipeline): Promise<void> {
  await pipeline.extract(spotify())
  await pipeline.extract(echonest().withResources('mel'))
  await pipeline.extract([{ id: 3 }], { tableName: 'labels' })
  await pipeline.normalize()
  await pipeline.load()
}

describe('the layout of datasets', () => {
  test('has one dataset for all schemas, by default', async () => {
    using shop = new PipelineFixture()
    await runExample(shop.pipeline({ datasetName: 'spotify_data_1' }))
    expect(shop.warehouse.datasets()).toEqual(['spotify_data_1'])
    expect(shop.warehouse.tables('spotify_data_1')).toEqual(expect.arrayContaining(['songs', 'mel', 'labels']))
  })

  test('has the dataset alone where the default schema is the only one', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ datasetName: 'spotify_data_1', useSingleDataset: false }).run(spotify())
    expect(shop.warehouse.datasets()).toEqual(['spotify_data_1'])
  })

  test('has a dataset with the name of the schema for each that is not the default one', async () => {
    using shop = new PipelineFixture()
    await runExample(shop.pipeline({ datasetName: 'spotify_data_1', useSingleDataset: false }))
    expect(shop.warehouse.datasets()).toEqual(['spotify_data_1', 'spotify_data_1_echonest'])
    expect(shop.ids('songs', 'spotify_data_1')).toEqual([1])
    expect(shop.ids('labels', 'spotify_data_1')).toEqual([3])
    expect(shop.ids('mel', 'spotify_data_1_echonest')).toEqual([2])
    expect(shop.warehouse.tables('spotify_data_1_echonest')).toEqual(['_dlt_loads', '_dlt_version', 'mel'])
  })

  test('says in the load info where each package went', async () => {
    using shop = new PipelineFixture()
    const { packages } = await shop.pipeline({ useSingleDataset: false }).run([spotify(), echonest()])
    expect(packages.map(({ schemaName, datasetName }) => [schemaName, datasetName])).toEqual([
      ['echonest', 'shop_echonest'],
      ['spotify', 'shop'],
    ])
  })

  test('keeps the state with the default schema, also when other data alone changed it', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ useSingleDataset: false })
    await pipeline.run(spotify())
    await pipeline.run(echonest())
    expect(shop.warehouse.rows('shop', '_dlt_pipeline_state')).toHaveLength(2)
    expect(shop.warehouse.tables('shop_echonest')).not.toContain('_dlt_pipeline_state')
  })

  test('is asked for packages of each dataset when they are given up', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ useSingleDataset: false })
    await pipeline.extract([spotify(), echonest()])
    await pipeline.normalize()
    const [first] = await pipeline.pendingPackages()
    await pipeline.abort(first?.loadId ?? '')
    expect(shop.warehouse.contexts.map(({ datasetName }) => datasetName)).toEqual(['shop_echonest', 'shop'])
  })

  test('sends waiting packages into another dataset as a whole', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ useSingleDataset: false })
    await pipeline.extract([spotify(), echonest()])
    await pipeline.normalize()
    await pipeline.load({ datasetName: 'other' })
    expect(shop.warehouse.datasets()).toEqual(['other', 'other_echonest'])
  })
})

describe('a pattern for names of datasets', () => {
  test('holds for names that are given and for the default', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ datasetName: 'data', datasetNameLayout: 'prod_%s' })
    expect(pipeline.datasetName).toBe('prod_data')
    await pipeline.run([{ id: 1 }], { tableName: 'items' })
    expect(shop.warehouse.datasets()).toEqual(['prod_data'])
    expect(pipeline.state.dataset_name).toBe('prod_data')
    const unnamed = shop.pipeline({ workingDir: shop.folder.in('unnamed'), datasetNameLayout: 'prod_%s' })
    expect(unnamed.datasetName).toBe('prod_shop')
  })

  test('is not applied again to the name that the state holds', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ datasetNameLayout: 'prod_%s' }).run([{ id: 1 }], { tableName: 'items' })
    expect(shop.pipeline({ datasetNameLayout: 'prod_%s' }).datasetName).toBe('prod_shop')
    expect(shop.pipeline().datasetName).toBe('prod_shop')
  })

  test('goes around the suffix of development mode, and before the name of the schema', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ datasetNameLayout: '%s_prod', devMode: true, useSingleDataset: false })
    expect(pipeline.datasetName).toMatch(/^shop_\d{14}_prod$/)
    await pipeline.run([spotify(), echonest()])
    expect(shop.warehouse.datasets()).toEqual([pipeline.datasetName, `${pipeline.datasetName}_echonest`])
  })

  test('takes names that mean something in replacements as they are', () => {
    expect(new DatasetLayout({ datasetNameLayout: 'a_%s_%s' }).applyTo('$& $1')).toBe('a_$& $1_$& $1')
  })

  test('without a place for the name is refused', () => {
    using shop = new PipelineFixture()
    expect(() => shop.pipeline({ datasetNameLayout: 'prod' })).toThrow(
      new DltError(
        'The dataset name layout "prod" has no "%s", so all datasets would have one name. Put "%s" where the name goes, for instance "prod_%s".',
        { code: 'CONFIGURATION' },
      ),
    )
  })
})

test('two schemas that are called alike are one, whatever datasets there are', async () => {
  using shop = new PipelineFixture()
  const one = resource({ name: 'a', schema: createSchema('same') }, [{ id: 1 }])
  const other = resource({ name: 'b', schema: createSchema('same') }, [{ id: 2 }])
  await shop.pipeline({ useSingleDataset: false }).run([one, other])
  expect(shop.warehouse.datasets()).toEqual(['shop'])
})

describe('a dataset of a schema that is not the default one', () => {
  const counted = source({ name: 'echonest' }, () => [
    resource({ name: 'mel', incremental: { cursorPath: 'id' } }, [{ id: 1 }, { id: 2 }]),
  ])

  test('is noticed where it was dropped: its schema and state start anew, and nothing else', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ useSingleDataset: false })
    await pipeline.run([spotify(), counted()])
    await pipeline.run(counted())
    expect(shop.ids('mel', 'shop_echonest')).toEqual([1, 2])
    shop.warehouse.drop('shop_echonest')
    shop.messages.length = 0
    const info = await pipeline.syncDestination()
    expect(info).toMatchObject({ outcome: 'unchanged', forgottenSchemas: ['echonest'] })
    expect(shop.messages).toEqual([
      'Pipeline "shop": the dataset "shop_echonest" of schema "echonest" does not exist any more, so the schema and the state of its source are forgotten and loading it starts anew.',
    ])
    expect([...pipeline.schemas.keys()]).toEqual(['spotify'])
    expect(pipeline.state).toMatchObject({ schema_names: ['spotify'], default_schema_name: 'spotify' })
    expect(await pipeline.syncDestination()).not.toHaveProperty('forgottenSchemas')
    await pipeline.run(counted())
    expect(shop.ids('mel', 'shop_echonest')).toEqual([1, 2])
    expect(shop.ids('songs', 'shop')).toEqual([1])
  })

  test('is noticed by a run, too, and stays as it is where nothing was loaded into it yet', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline({ useSingleDataset: false })
    const empty = source({ name: 'empty' }, () => [resource({ name: 'none' }, [])])
    await pipeline.run([spotify(), counted(), empty()])
    shop.warehouse.drop('shop_echonest')
    shop.messages.length = 0
    await pipeline.run([spotify(), counted()])
    expect(shop.ids('mel', 'shop_echonest')).toEqual([1, 2])
    expect(shop.messages).toHaveLength(1)
  })
})
