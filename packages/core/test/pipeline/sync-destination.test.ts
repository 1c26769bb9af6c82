import { rmSync } from 'node:fs'
import { createSchema, DltError } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { source } from '../../src/declare/declare-source.ts'
import { attach } from '../../src/pipeline/attach.ts'
import { pipeline as latestPipeline } from '../../src/pipeline/default-pipeline.ts'
import type { Pipeline } from '../../src/pipeline/pipeline.ts'
import type { PipelineOptions } from '../../src/pipeline/pipeline-options.ts'
import { Warehouse } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

/** A shop whose pipelines also note what they say at the level INFO. */
class TalkingShop extends PipelineFixture {
  readonly lines: string[] = []

  override pipeline(options: PipelineOptions = {}): Pipeline {
    const note = (line: string) => void this.lines.push(line)
    return super.pipeline({ logger: { debug: () => {}, info: note, warning: note, error: note }, ...options })
  }

  forget(): void {
    rmSync(this.workingDir, { recursive: true })
  }
}

describe('synchronizing with the destination', () => {
  test('restores state and schemas on an empty machine, and says so in one line', async () => {
    using shop = new TalkingShop()
    const first = shop.pipeline()
    await first.run([{ id: 1 }], orders)
    const { state, schemas } = first
    shop.forget()
    shop.lines.length = 0
    const second = shop.pipeline()
    expect(await second.syncDestination()).toEqual({
      pipelineName: 'shop',
      datasetName: 'shop',
      outcome: 'restored',
      stateVersion: 1,
      schemaNames: ['shop'],
    })
    expect(second.schemas).toEqual(schemas)
    expect(second.state).toMatchObject({ _state_version: 1, _version_hash: state._version_hash })
    expect(shop.lines).toEqual([
      'Pipeline "shop": state version 1 and schemas "shop" were restored from dataset "shop".',
    ])
  })

  test('finds nothing to do where the state is the same, and only missing schemas where one is gone', async () => {
    using shop = new TalkingShop()
    await shop.pipeline().run([{ id: 1 }], orders)
    shop.lines.length = 0
    expect(await shop.pipeline().syncDestination()).toMatchObject({ outcome: 'unchanged', schemaNames: [] })
    for (const part of ['schemas', 'packages']) rmSync(shop.folder.in('work', part), { recursive: true })
    expect(await shop.pipeline().syncDestination()).toMatchObject({ outcome: 'unchanged', schemaNames: ['shop'] })
    expect(shop.lines).toEqual([
      'Pipeline "shop": nothing was restored from dataset "shop": its state version 1 is the one that is here.',
      'Pipeline "shop": only the schemas "shop" were restored from dataset "shop": its state version 1 is the one that is here.',
    ])
  })

  test('takes a schema that was changed elsewhere, though the state is the same, and reads no schema otherwise', async () => {
    using shop = new TalkingShop()
    const elsewhere = { workingDir: shop.folder.in('elsewhere') }
    await shop.pipeline().run([{ id: 1 }], orders)
    await shop.pipeline(elsewhere).run([{ id: 2, more: 'a' }], orders)
    await shop.pipeline(elsewhere).run([{ id: 3, again: 'b' }], orders)
    shop.lines.length = 0
    const pipeline = shop.pipeline()
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'unchanged', schemaNames: ['shop'] })
    expect(pipeline.schemas).toEqual(shop.pipeline(elsewhere).schemas)
    expect(shop.lines).toEqual([
      'Pipeline "shop": only the schemas "shop" were restored from dataset "shop": its state version 1 is the one that is here.',
    ])
    const calls = shop.warehouse.log.length
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'unchanged', schemaNames: [] })
    expect(shop.warehouse.log.slice(calls).filter((line) => line.includes('stored schema'))).toEqual([])
    await pipeline.run([{ id: 4, more: 'c' }], orders)
    expect(shop.warehouse.values('shop', 'orders', 'more')).toEqual([undefined, 'a', undefined, 'c'])
  })

  test('keeps its own schema where another pipeline loads one of the same name into the dataset', async () => {
    using shop = new TalkingShop()
    const shared = () => ({ ...orders, schema: createSchema('shared') })
    await shop.pipeline().run([{ id: 1, ours: 'a' }], shared())
    const other = { pipelineName: 'other', workingDir: shop.folder.in('other'), datasetName: 'shop' }
    await shop.pipeline(other).run([{ id: 2, theirs: true }], shared())
    const pipeline = shop.pipeline()
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'unchanged', schemaNames: [] })
    expect(pipeline.schemas.get('shared')?.tables.get('orders')?.columns.has('ours')).toBe(true)
  })

  test('leaves a newer state alone', async () => {
    using shop = new TalkingShop()
    await shop.pipeline().run([{ id: 1 }], orders)
    const teams = resource({ name: 'teams', schema: createSchema('b') }, [{ id: 2 }])
    await shop.pipeline({ restoreFromDestination: false }).run(teams)
    shop.lines.length = 0
    expect(await shop.pipeline().syncDestination()).toMatchObject({ outcome: 'older', stateVersion: 1 })
    expect(shop.pipeline().state._state_version).toBe(2)
    expect(shop.lines).toEqual([
      'Pipeline "shop": nothing was restored from dataset "shop": its state version 1 is older than the one that is here.',
    ])
  })

  test('says where nothing is: no dataset, or none of this pipeline', async () => {
    using shop = new TalkingShop()
    expect(await shop.pipeline().syncDestination()).toMatchObject({ outcome: 'no-dataset' })
    const other = { pipelineName: 'other', workingDir: shop.folder.in('other'), datasetName: 'shop' }
    await shop.pipeline(other).run([{ id: 1 }], orders)
    shop.lines.length = 0
    expect(await shop.pipeline().syncDestination()).toMatchObject({ outcome: 'no-state' })
    expect(await shop.pipeline().syncDestination({ datasetName: 'nowhere' })).toMatchObject({ outcome: 'no-dataset' })
    expect(shop.lines).toEqual([
      'Pipeline "shop": nothing was restored from dataset "shop": it has no state of this pipeline.',
      'Pipeline "shop": nothing was restored from dataset "nowhere": it does not exist yet.',
    ])
  })

  test('starts anew where the dataset was dropped', async () => {
    using shop = new TalkingShop()
    await shop.pipeline().run([{ id: 1 }], orders)
    shop.warehouse.drop('shop')
    shop.lines.length = 0
    const pipeline = shop.pipeline()
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'reset' })
    expect(pipeline.schemas.size).toBe(0)
    expect(shop.lines).toEqual([
      'Pipeline "shop": the dataset "shop" does not exist any more, so state and schemas are forgotten and loading starts anew.',
    ])
  })

  test('is refused while packages wait', async () => {
    using shop = new TalkingShop()
    const { packages } = await shop.pipeline().extract([{ id: 1 }], orders)
    const [waiting] = packages
    await expect(shop.pipeline().syncDestination()).rejects.toThrow(
      new DltError(
        `Pipeline "shop" has load packages that wait: ${waiting?.loadId}. Finish them with pipeline.retry('${waiting?.loadId}'), or give them up with pipeline.abort('${waiting?.loadId}'), then try again.`,
        { code: 'PACKAGE', context: { pipeline: 'shop', loadId: waiting?.loadId ?? '' } },
      ),
    )
  })

  test('is refused in development mode, in which a run says that it restores nothing', async () => {
    using shop = new TalkingShop()
    await shop.pipeline().run([{ id: 1, old: true }], orders)
    const pipeline = shop.pipeline({ devMode: true })
    await expect(pipeline.syncDestination()).rejects.toThrow(
      'Pipeline "shop" is in development mode, which starts anew and restores nothing. Make it without devMode.',
    )
    shop.lines.length = 0
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.lines).toEqual(['Pipeline "shop": nothing was restored: in development mode each process starts anew.'])
    expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('old')).toBe(false)
  })

  test('is left out, and that is said, where it is switched off', async () => {
    using shop = new TalkingShop()
    await shop.pipeline({ restoreFromDestination: false }).run([{ id: 1 }], orders)
    expect(shop.lines).toEqual(['Pipeline "shop": nothing was restored: restoreFromDestination is false.'])
  })
})

describe('what is restored', () => {
  test('does not win over what is given: dataset and destination', async () => {
    using shop = new TalkingShop()
    await shop.pipeline({ datasetName: 'original' }).run([{ id: 1 }], orders)
    shop.forget()
    shop.warehouse.rename('original', 'copy')
    const pipeline = shop.pipeline({ datasetName: 'copy' })
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'restored', datasetName: 'copy' })
    expect([pipeline.datasetName, pipeline.state.dataset_name]).toEqual(['copy', 'copy'])
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders', 'copy')).toEqual([1, 2])
  })

  test('comes from the dataset of each schema', async () => {
    using shop = new TalkingShop()
    const one = source({ name: 'one' }, () => [resource({ name: 'a' }, [{ id: 1 }])])
    const two = source({ name: 'two' }, () => [resource({ name: 'b' }, [{ id: 2 }])])
    const options = { useSingleDataset: false }
    await shop.pipeline(options).run([one(), two()])
    const { schemas } = shop.pipeline(options)
    shop.forget()
    const pipeline = shop.pipeline(options)
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'restored', schemaNames: ['one', 'two'] })
    expect(pipeline.schemas).toEqual(schemas)
    await pipeline.run(two())
    expect(shop.ids('b', 'shop_two')).toEqual([2, 2])
  })

  test('is the schema of the last load where two pipelines share its name in one dataset: nothing is lost', async () => {
    using shop = new PipelineFixture()
    const other = { pipelineName: 'other', workingDir: shop.folder.in('other'), datasetName: 'shop' }
    const shared = () => ({ ...orders, schema: createSchema('shared') })
    await shop.pipeline().run([{ id: 1, ours: 'a' }], shared())
    await shop.pipeline(other).run([{ id: 2, theirs: true }], shared())
    rmSync(shop.workingDir, { recursive: true })
    const pipeline = shop.pipeline()
    await pipeline.run([{ id: 3, ours: 'b' }], shared())
    const columns = pipeline.defaultSchema?.tables.get('orders')?.columns
    expect([columns?.has('ours'), columns?.has('theirs')]).toEqual([true, true])
    expect(shop.warehouse.values('shop', 'orders', 'ours')).toEqual(['a', undefined, 'b'])
    expect(shop.ids('orders')).toEqual([1, 2, 3])
  })

  test('is found under a name that another naming convention gives the dataset', async () => {
    using shop = new TalkingShop()
    const schema = createSchema('own', { naming: 'direct' })
    const options = { datasetName: 'MyData' }
    await shop.pipeline(options).run([{ id: 1 }], { ...orders, schema })
    expect(shop.warehouse.datasets()).toEqual(['MyData'])
    shop.forget()
    const pipeline = shop.pipeline(options)
    expect(await pipeline.syncDestination()).toMatchObject({ outcome: 'restored', datasetName: 'MyData' })
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders', 'MyData')).toEqual([1, 2])
  })

  test('is what was loaded last, whatever the pipeline and the dataset are called', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => text.replace(/[/\\:*?"<>|\p{Cc}\p{Cs}]/gu, '__'))
      .filter((text) => !/^[.\s]|[.\s]$/u.test(text) && text.length <= 60)
    const dataset = fc.oneof(
      fc.constantFrom('a__b', '__', 'MyData_', "o'clock", '100% "x"', 'größe', 'データ', '_dlt'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map((text) => `d${text}`),
    )
    await fc.assert(
      fc.asyncProperty(name, dataset, async (pipelineName, datasetName) => {
        using shop = new PipelineFixture()
        const options = { pipelineName, datasetName }
        const before = shop.pipeline(options)
        await before.run([{ id: 1 }], orders)
        const { _version_hash: hash } = before.state
        rmSync(shop.workingDir, { recursive: true })
        const after = shop.pipeline(options)
        expect(await after.syncDestination()).toMatchObject({ outcome: 'restored', pipelineName })
        expect([after.state._version_hash, after.datasetName]).toEqual([hash, datasetName])
        expect(shop.messages).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('attaching to a pipeline', () => {
  const options = (shop: PipelineFixture) => ({
    pipelineName: 'shop',
    workingDir: shop.workingDir,
    destination: shop.warehouse,
    logger: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} },
  })

  test('takes its working directory, and asks no destination', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline({ datasetName: 'data' }).run([{ id: 1 }], orders)
    const { pipelineName, workingDir } = options(shop)
    shop.warehouse.log.length = 0
    const pipeline = await attach({ pipelineName, workingDir })
    expect([pipeline.datasetName, pipeline.defaultSchemaName]).toEqual(['data', 'shop'])
    expect(shop.warehouse.log).toEqual([])
    expect(latestPipeline()).toBe(pipeline)
  })

  test('restores it where the working directory is gone', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run([{ id: 1 }], orders)
    rmSync(shop.workingDir, { recursive: true })
    const pipeline = await attach(options(shop))
    expect(pipeline.defaultSchema?.tables.has('orders')).toBe(true)
    await pipeline.run([{ id: 2 }], orders)
    expect(shop.ids('orders')).toEqual([1, 2])
  })

  test('is refused where there is nothing', async () => {
    using shop = new PipelineFixture()
    await expect(attach({ ...options(shop), datasetName: 'nowhere' })).rejects.toThrow(
      new DltError(
        `There is no pipeline "shop" to attach to: its working directory "${shop.workingDir}" has no state, and neither has the dataset "nowhere". Check pipelineName, destination and datasetName.`,
        { code: 'STATE', context: { pipeline: 'shop', dataset: 'nowhere' } },
      ),
    )
    const { destination: _, ...withoutDestination } = options(shop)
    await expect(attach(withoutDestination)).rejects.toThrow('destination')
  })

  test('is refused in development mode, and knows its options', async () => {
    using shop = new PipelineFixture()
    await expect(attach({ ...options(shop), devMode: true })).rejects.toThrow('is in development mode')
    const misspelled = { ...options(shop), dataset_name: 'x' }
    await expect(attach(misspelled)).rejects.toThrow('dlt.attach has no option "dataset_name". Write "datasetName".')
  })

  test('says what the destination does not let it read', async () => {
    using shop = new PipelineFixture()
    const destination = new Warehouse({
      connect: () => {
        throw new Error('no route to host')
      },
    })
    await expect(attach({ ...options(shop), destination })).rejects.toThrow(
      'Pipeline "shop" failed at step "sync": no route to host',
    )
  })
})
