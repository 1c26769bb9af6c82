import { cpSync } from 'node:fs'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { CommitPoint, CommitPointEvent } from '../../src/packages/commit-points.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { CommitPointRecorder } from '../packages/commit-point-recorder.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse } from '../warehouse/warehouse.ts'

const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }

/** The pipeline `shop` in a folder with its working directory and its warehouse, as a process on its own would have it. */
function openShop(folder: string): { readonly pipeline: Pipeline; readonly warehouse: Warehouse } {
  const warehouse = new Warehouse({ path: `${folder}/warehouse.json` })
  const pipeline = new Pipeline({
    pipelineName: 'shop',
    workingDir: `${folder}/work`,
    destination: warehouse,
    logger: quiet,
  })
  return { pipeline, warehouse }
}

const copyOf = (images: TemporaryDirectory, at: number): string => images.in(String(at))

/** Whether the folder may look different at an event than at the one before it. */
const mayDiffer = ({ operation, moment }: CommitPointEvent): boolean => {
  if (operation === 'sync') return false
  return moment === 'after' || operation === 'call' || operation === 'rename'
}

/**
 * Runs something in a folder and takes a picture of the folder at every commit point: that is what a process finds when this one
 * was killed there.
 */
async function crashImages(
  folder: TemporaryDirectory,
  images: TemporaryDirectory,
  run: () => Promise<unknown>,
): Promise<readonly CommitPointEvent[]> {
  const pictured: CommitPointEvent[] = []
  using _recorder = new CommitPointRecorder((event) => {
    if (!mayDiffer(event)) return
    cpSync(folder.path, copyOf(images, pictured.length), { recursive: true })
    pictured.push(event)
  })
  await run()
  return pictured
}

const rows = (warehouse: Warehouse, table: string) => warehouse.values('shop', table, 'id').toSorted()

/** What must hold at the destination whatever happened. */
function expectConsistent(warehouse: Warehouse, where: string): void {
  const loads = warehouse.rows('shop', '_dlt_loads')
  const loadIds = loads.map((row) => row['load_id'])
  expect(new Set(loadIds).size, `${where}: every package once`).toBe(loadIds.length)
  const known = new Set(warehouse.values('shop', '_dlt_version', 'version_hash'))
  for (const { schema_version_hash: hash } of loads) expect(known.has(hash), `${where}: schema of a load`).toBe(true)
  for (const table of warehouse.tables('shop')) {
    if (['_dlt_version', '_dlt_loads'].includes(table) || table.includes('__')) continue
    for (const row of warehouse.rows('shop', table)) {
      expect(loadIds.includes(row['_dlt_load_id']), `${where}: row of an unfinished load in ${table}`).toBe(true)
    }
  }
}

describe('a run that is killed at any commit point', () => {
  test('is finished by the next run: each row is there exactly once', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const shop = openShop(folder.path)
    await shop.pipeline.run([{ id: 1, lines: [{ sku: 'a' }] }], { tableName: 'orders' })
    const events = await crashImages(folder, images, () =>
      openShop(folder.path).pipeline.run([{ id: 2, lines: [{ sku: 'b' }], note: 'new' }], { tableName: 'orders' }),
    )
    for (const [at, { point, operation, moment }] of events.entries()) {
      const where = `${moment} ${operation} ${point} (${at})`
      const { pipeline, warehouse } = openShop(copyOf(images, at))
      expectConsistent(warehouse, where)
      await pipeline.run([{ id: 3 }], { tableName: 'orders' })
      const wasExtracted = rows(warehouse, 'orders').includes(2)
      expect(rows(warehouse, 'orders'), where).toEqual(wasExtracted ? [1, 2, 3] : [1, 3])
      expect(warehouse.rows('shop', 'orders__lines').length, where).toBe(wasExtracted ? 2 : 1)
      expectConsistent(warehouse, where)
      expect(await pipeline.pendingPackages(), where).toEqual([])
      const columns = pipeline.defaultSchema?.tables.get('orders')?.columns
      expect(columns?.has('note'), where).toBe(wasExtracted)
    }
    const committed = events.findIndex(({ point, operation }) => point === 'extract.commit' && operation === 'rename')
    expect(committed).toBeGreaterThan(0)
  })

  test('counts from its extract commit on, and not before', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const events = await crashImages(folder, images, () =>
      openShop(folder.path).pipeline.run([{ id: 1 }], { tableName: 'orders' }),
    )
    const commit = events.findIndex(
      ({ point, operation, moment }) => point === 'extract.commit' && operation === 'rename' && moment === 'after',
    )
    for (const [at, { point, moment }] of events.entries()) {
      const { pipeline, warehouse } = openShop(copyOf(images, at))
      await pipeline.run([], { tableName: 'others' })
      expect(rows(warehouse, 'orders'), `${moment} ${point} (${at})`).toEqual(at < commit ? [] : [1])
    }
  })

  test('with several schemas keeps state behind data, and finishes the rest of the group', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const data = [
      resource({ name: 'users', schema: createSchema('main') }, [{ id: 1 }]),
      resource({ name: 'teams', schema: createSchema('other') }, [{ id: 2 }]),
    ]
    const events = await crashImages(folder, images, () => openShop(folder.path).pipeline.run(data))
    for (const [at, { point, moment }] of events.entries()) {
      const where = `${moment} ${point} (${at})`
      const { pipeline, warehouse } = openShop(copyOf(images, at))
      if (warehouse.rows('shop', '_dlt_pipeline_state').length > 0) {
        expect([rows(warehouse, 'users'), rows(warehouse, 'teams')], where).toEqual([[1], [2]])
      }
      await pipeline.run([{ id: 3 }], { tableName: 'more' })
      const expected = rows(warehouse, 'teams').length === 0 ? [[], []] : [[1], [2]]
      expect([rows(warehouse, 'users'), rows(warehouse, 'teams')], where).toEqual(expected)
      expect(rows(warehouse, 'more'), where).toEqual([3])
      expectConsistent(warehouse, where)
    }
  })

  test('while it replaces a table shows the old rows or the new ones', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const orders = { tableName: 'orders', writeDisposition: 'replace' } as const
    await openShop(folder.path).pipeline.run([{ id: 1 }], orders)
    const events = await crashImages(folder, images, () => openShop(folder.path).pipeline.run([{ id: 2 }], orders))
    for (const [at, { point, moment }] of events.entries()) {
      const where = `${moment} ${point} (${at})`
      const { pipeline, warehouse } = openShop(copyOf(images, at))
      expect([[1], [2]], where).toContainEqual(rows(warehouse, 'orders'))
      await pipeline.run([], { tableName: 'others' })
      expect([[1], [2]], where).toContainEqual(rows(warehouse, 'orders'))
    }
  })

  test('while it starts anew or restores does so again', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    const first = openShop(folder.path)
    await first.pipeline.run([{ id: 1, name: 'a' }], { tableName: 'orders' })
    first.warehouse.drop('shop')
    const events = await crashImages(folder, images, () =>
      openShop(folder.path).pipeline.run([{ id: 2 }], { tableName: 'orders' }),
    )
    expect(events.map(({ point }) => point)).toContain('directory.wipe')
    for (const [at, { point, moment }] of events.entries()) {
      const where = `${moment} ${point} (${at})`
      const { pipeline, warehouse } = openShop(copyOf(images, at))
      await pipeline.run([{ id: 3 }], { tableName: 'orders' })
      expect([[3], [2, 3]], where).toContainEqual(rows(warehouse, 'orders'))
      expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name'), where).toBe(false)
      expectConsistent(warehouse, where)
    }
  })

  test('is restored from the destination alone when the working directory is lost as well', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    await openShop(folder.path).pipeline.run([{ id: 1, name: 'a' }], { tableName: 'orders' })
    const events = await crashImages(folder, images, () =>
      openShop(folder.path).pipeline.run([{ id: 2 }], { tableName: 'orders' }),
    )
    for (const [at, { point, moment }] of events.entries()) {
      const where = `${moment} ${point} (${at})`
      const { warehouse } = openShop(copyOf(images, at))
      const isLoaded = rows(warehouse, 'orders').includes(2)
      const pipeline = new Pipeline({
        pipelineName: 'shop',
        workingDir: images.in(`fresh ${at}`),
        destination: warehouse,
        logger: quiet,
      })
      await pipeline.run([{ id: 3 }], { tableName: 'orders' })
      expect(rows(warehouse, 'orders'), where).toEqual(isLoaded ? [1, 2, 3] : [1, 3])
      expect(pipeline.defaultSchema?.tables.get('orders')?.columns.has('name'), where).toBe(true)
      expect(warehouse.rows('shop', '_dlt_pipeline_state').length, where).toBe(1)
    }
  })

  test('passes the points that are registered', async () => {
    using folder = new TemporaryDirectory()
    using recorder = new CommitPointRecorder()
    await openShop(folder.path).pipeline.run([{ id: 1 }], { tableName: 'orders' })
    const passed = new Set<CommitPoint>(recorder.events.map(({ point }) => point))
    const expected: readonly CommitPoint[] = [
      'directory.mark',
      'package.file',
      'package.document',
      'package.sync',
      'extract.commit',
      'cache.schema',
      'cache.state',
      'normalize.scratch',
      'normalize.commit',
      'normalize.remove-extracted',
      'load.update-schema',
      'load.commit',
      'load.finish',
      'load.remove-files',
      'load.remove-group',
    ]
    for (const point of expected) expect([...passed]).toContain(point)
  })
})
