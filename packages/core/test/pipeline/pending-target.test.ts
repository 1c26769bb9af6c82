import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { Warehouse } from '../warehouse/warehouse.ts'
import { PipelineFixture } from './pipeline-fixture.ts'

const orders = { tableName: 'orders' } as const

/** Extracts a row for the dataset `old`, and gives the load id of its package. */
async function extractForOld(shop: PipelineFixture, id = 1): Promise<string> {
  const { packages } = await shop.pipeline({ datasetName: 'old' }).extract([{ id }], orders)
  return packages[0]?.loadId ?? ''
}

/** Puts the working directory back to what it was before a call: its process died, and what it had committed elsewhere stays. */
async function forgetting(shop: PipelineFixture, call: () => Promise<unknown>): Promise<void> {
  const copy = shop.folder.in('copy')
  cpSync(shop.workingDir, copy, { recursive: true })
  await call()
  rmSync(shop.workingDir, { recursive: true })
  cpSync(copy, shop.workingDir, { recursive: true })
}

describe('a package that waits for one dataset, while the pipeline turned to another', () => {
  test('goes where it was extracted for when run finishes it, and only new rows go to the new one', async () => {
    using shop = new PipelineFixture()
    const loadId = await extractForOld(shop)
    const info = await shop.pipeline({ datasetName: 'new' }).run([{ id: 2 }], orders)
    expect([shop.ids('orders', 'old'), shop.ids('orders', 'new')]).toEqual([[1], [2]])
    expect(info.packages.map(({ datasetName }) => datasetName)).toEqual(['old', 'new'])
    expect(info.datasetName).toBe('new')
    expect(String(info)).toContain(`Load package ${loadId} is LOADED into dataset old and contains no failed jobs`)
    expect(shop.pipeline().datasetName).toBe('new')
    expect(shop.messages).toEqual([])
  })

  test('goes there too when the dataset is given to run itself', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await shop.pipeline().run([{ id: 2 }], { ...orders, datasetName: 'new' })
    expect([shop.ids('orders', 'old'), shop.ids('orders', 'new')]).toEqual([[1], [2]])
  })

  test('goes there by retry, and by normalize and load; the pipeline keeps the dataset that it loaded into', async () => {
    using shop = new PipelineFixture()
    const turned = shop.pipeline({ datasetName: 'new' })
    const { datasetName } = await turned.retry(await extractForOld(shop, 1))
    expect(datasetName).toBe('old')
    await extractForOld(shop, 2)
    await turned.normalize()
    await turned.load()
    expect([shop.ids('orders', 'old'), shop.ids('orders', 'new')]).toEqual([[1, 2], []])
    expect(shop.pipeline().datasetName).toBe('old')
  })

  test('is followed by what waits for the new one, each in its own transaction and dataset', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop, 1)
    await extractForOld(shop, 2)
    await shop.pipeline({ datasetName: 'new' }).extract([{ id: 3 }], orders)
    await shop.pipeline().normalize()
    const { packages } = await shop.pipeline().load()
    expect(packages.map(({ datasetName }) => datasetName)).toEqual(['old', 'old', 'new'])
    expect([shop.ids('orders', 'old'), shop.ids('orders', 'new')]).toEqual([[1, 2], [3]])
    expect(shop.warehouse.log.filter((line) => line === 'connect')).toHaveLength(2)
  })

  test('that fails there keeps back what waits for the new one', async () => {
    using shop = new PipelineFixture({
      beforeLoad: ({ jobs }) => {
        if (jobs.some(({ tableName }) => tableName === 'orders'))
          throw new DestinationError('Table "orders" is read-only.', { kind: 'terminal' })
      },
    })
    await extractForOld(shop)
    const info = await shop.pipeline({ datasetName: 'new' }).run([{ id: 2 }], { tableName: 'others' })
    expect(info.packages).toMatchObject([{ state: 'failed', datasetName: 'old' }])
    expect(String(info)).toContain('into dataset old')
    expect(shop.warehouse.tables('new')).toEqual([])
  })

  test('is not given up where the dataset that it went to has it: that one is asked', async () => {
    using shop = new PipelineFixture()
    const loadId = await extractForOld(shop)
    await shop.pipeline().normalize()
    await forgetting(shop, () => shop.pipeline().load())
    await expect(shop.pipeline({ datasetName: 'new' }).abort(loadId)).rejects.toThrow('is loaded already')
    expect(shop.warehouse.contexts.at(-1)?.datasetName).toBe('old')
  })
})

describe('load with a dataset of its own', () => {
  test('sends what waits there, and the pipeline stays with it', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await shop.pipeline().normalize()
    const info = await shop.pipeline().load({ datasetName: 'new' })
    expect(info.datasetName).toBe('new')
    expect([shop.ids('orders', 'old'), shop.ids('orders', 'new')]).toEqual([[], [1]])
    expect(shop.pipeline().datasetName).toBe('new')
    expect(shop.pipeline().state._local._redirected).toBeUndefined()
  })

  test('sends all of it there, whatever fails meanwhile and whoever goes on', async () => {
    let isFailing = true
    using shop = new PipelineFixture({
      beforeLoad: ({ schema }) => {
        if (isFailing && schema.name === 'main') throw new Error('The connection was lost.')
      },
    })
    const users = resource({ name: 'users', schema: createSchema('main') }, [{ id: 1 }])
    const teams = resource({ name: 'teams', schema: createSchema('other') }, [{ id: 2 }])
    await shop.pipeline({ datasetName: 'old' }).extract([users, teams])
    await shop.pipeline().normalize()
    await expect(shop.pipeline().load({ datasetName: 'new' })).rejects.toThrow('The connection was lost.')
    isFailing = false
    await shop.pipeline({ datasetName: 'old' }).run([{ id: 3 }], orders)
    expect([shop.ids('teams', 'new'), shop.ids('users', 'new'), shop.ids('orders', 'old')]).toEqual([[2], [1], [3]])
    expect(shop.warehouse.tables('old')).not.toContain('users')
  })

  test('is asked by abort whether it has them', async () => {
    using shop = new PipelineFixture({
      afterLoad: () => {
        throw new Error('The connection was lost.')
      },
    })
    const loadId = await extractForOld(shop)
    await shop.pipeline().normalize()
    await expect(shop.pipeline().load({ datasetName: 'new' })).rejects.toThrow('The connection was lost.')
    await expect(shop.pipeline().abort(loadId)).rejects.toThrow('is loaded already')
  })

  test('that is refused changes nothing', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await shop.pipeline().normalize()
    await expect(shop.pipeline().load({ datasetName: 'forbidden' })).rejects.toThrow('Choose another one.')
    await shop.pipeline().load()
    expect(shop.ids('orders', 'old')).toEqual([1])
  })

  test('says nothing about packages that are not normalized yet', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await shop.pipeline().load({ datasetName: 'new' })
    await shop.pipeline().normalize()
    await shop.pipeline().load()
    expect(shop.ids('orders', 'old')).toEqual([1])
  })
})

test('retry has no option for the dataset: what waits goes where it was extracted for', async () => {
  using shop = new PipelineFixture()
  const loadId = await extractForOld(shop)
  const misplaced: object = { datasetName: 'new' }
  await expect(shop.pipeline().retry(loadId, misplaced)).rejects.toThrow(
    'retry has no option "datasetName". It knows destination, credentials.',
  )
})

describe('a package that waits for one destination, while the pipeline turned to another', () => {
  /** A warehouse with a name of its own, and one of another kind. */
  const copy = () => new Warehouse({ name: 'copy' })
  const lake = () => Object.assign(new Warehouse(), { type: 'lake' })

  test('is not loaded there: run refuses it, says what to do, and reads nothing', async () => {
    using shop = new PipelineFixture()
    const loadId = await extractForOld(shop)
    let pulled = 0
    function* items() {
      pulled++
      yield { id: 2 }
    }
    await expect(shop.pipeline({ destination: copy() }).run(items, orders)).rejects.toThrow(
      `Pipeline "shop" failed at step "normalize", load package "${loadId}": Load package "${loadId}" of pipeline "shop" waits for the destination "warehouse" and cannot go to the destination "copy" of type "warehouse". ` +
        `Load it into its own destination first, or give it up with pipeline.abort('${loadId}'): the next run extracts its rows again then.`,
    )
    expect(pulled).toBe(0)
    await shop.pipeline().run([{ id: 2 }], orders)
    expect([shop.ids('orders', 'old')]).toEqual([[1, 2]])
  })

  test.each([
    ['normalize', lake, 'cannot go to the destination "warehouse" of type "lake".'],
    ['normalize', copy, 'cannot go to the destination "copy" of type "warehouse".'],
  ] as const)('is refused by %s', async (step, other, message) => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await expect(shop.pipeline({ destination: other() })[step]()).rejects.toThrow(message)
    await expect(shop.pipeline().normalize()).resolves.toMatchObject({ packages: [{ schemaName: 'shop' }] })
    await expect(shop.pipeline({ destination: other() }).load()).rejects.toThrow(message)
    await shop.pipeline().load()
    expect(shop.ids('orders', 'old')).toEqual([1])
  })

  test('is given up there while it is only extracted, and not once its destination must be asked', async () => {
    using shop = new PipelineFixture()
    const turned = shop.pipeline({ destination: copy() })
    await turned.abort(await extractForOld(shop))
    const loadId = await extractForOld(shop)
    await shop.pipeline().normalize()
    await expect(turned.abort(loadId)).rejects.toThrow('waits for the destination "warehouse"')
    await turned.abort(loadId, { force: true })
    expect(await turned.pendingPackages()).toEqual([])
  })

  test('goes there when load is told so, if it is of the same kind', async () => {
    using shop = new PipelineFixture()
    await extractForOld(shop)
    await shop.pipeline().normalize()
    const other = copy()
    await expect(shop.pipeline().load({ destination: lake() })).rejects.toThrow('of type "lake"')
    await shop.pipeline().load({ destination: other })
    expect(other.values('old', 'orders', 'id')).toEqual([1])
    expect(shop.pipeline().state.destination_name).toBe('copy')
  })

  test('is loaded there although another one waits behind it for another destination', async () => {
    using shop = new PipelineFixture()
    const other = copy()
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().normalize()
    const { packages } = await shop.pipeline({ destination: other }).extract([{ id: 2 }], orders)
    const second = packages[0]?.loadId
    await expect(shop.pipeline().run([{ id: 3 }], orders)).rejects.toMatchObject({ step: 'normalize', loadId: second })
    expect(shop.ids('orders')).toEqual([1])
    await shop.pipeline({ destination: other }).normalize()
    await expect(shop.pipeline().load()).rejects.toThrow('waits for the destination "copy"')
    await shop.pipeline({ destination: other }).run([{ id: 4 }], orders)
    expect([shop.ids('orders'), other.values('shop', 'orders', 'id')]).toEqual([[1], [2, 4]])
  })

  test('is loaded there before what waits normalized for another destination is refused', async () => {
    using shop = new PipelineFixture()
    const other = copy()
    await shop.pipeline().extract([{ id: 1 }], orders)
    await shop.pipeline().normalize()
    const { packages } = await shop.pipeline({ destination: other }).extract([{ id: 2 }], orders)
    await shop.pipeline({ destination: other }).normalize()
    const second = packages[0]?.loadId
    await expect(shop.pipeline().load()).rejects.toMatchObject({ step: 'load', loadId: second })
    expect(shop.ids('orders')).toEqual([1])
    expect(shop.warehouse.log.at(-1)).toBe('close')
  })

  test('may go anywhere when it was extracted without one', async () => {
    using shop = new PipelineFixture()
    const { workingDir } = shop
    await new Pipeline({ pipelineName: 'shop', workingDir }).extract([{ id: 1 }], orders)
    const other = copy()
    await shop.pipeline({ destination: other }).run([{ id: 2 }], orders)
    expect(other.values('shop', 'orders', 'id')).toEqual([1, 2])
  })
})

test('a load id that another pipeline has in the same dataset does not make its state that of this one', async () => {
  using shop = new PipelineFixture()
  const { loadIds } = await shop.pipeline().run([{ id: 1 }], orders)
  const other = shop.pipeline({ pipelineName: 'other', workingDir: shop.folder.in('other'), datasetName: 'shop' })
  const { loadIds: others } = await other.run([{ id: 2 }], { tableName: 'others' })
  const { state } = shop.pipeline()
  shop.warehouse.rewrite((row) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === others[0] ? loadIds[0] : value])),
  )
  expect(new Set(shop.warehouse.values('shop', '_dlt_loads', 'load_id')).size).toBe(1)
  rmSync(join(shop.workingDir), { recursive: true })
  await shop.pipeline().run([{ id: 3 }], orders)
  expect(shop.pipeline().state).toMatchObject({ _version_hash: state._version_hash, pipeline_name: 'shop' })
  expect([...shop.pipeline().schemas.keys()]).toEqual(['shop'])
  expect(shop.ids('orders')).toEqual([1, 3])
})
