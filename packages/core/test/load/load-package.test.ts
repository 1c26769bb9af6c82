import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import type { LoadedPackage } from '../../src/load/load-info.ts'
import { loadPackage } from '../../src/load/load-package.ts'
import { readGroups } from '../../src/packages/package-group.ts'
import { WorkingDirectory } from '../../src/packages/working-directory.ts'
import { commitGroup, itemsSchema } from '../packages/sample-package.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse, type WarehouseOptions } from '../warehouse/warehouse.ts'

const context = { pipelineName: 'sample', datasetName: 'data', localDirectory: '/' }

/** A working directory with hand-made packages, and a warehouse to load them into. */
class Loading implements Disposable {
  readonly folder: TemporaryDirectory = new TemporaryDirectory()
  readonly working: WorkingDirectory = new WorkingDirectory(this.folder.in('work'), 'sample')
  readonly warehouse: Warehouse

  constructor(options: WarehouseOptions = {}) {
    this.warehouse = new Warehouse(options)
  }

  async commit(group: Parameters<typeof commitGroup>[1] = {}): Promise<void> {
    await this.working.create()
    await this.working.prepare()
    await commitGroup(this.working, group)
  }

  /** Loads the first package that waits. */
  async load(): Promise<LoadedPackage> {
    const [stored] = readGroups(this.working, 'normalized').flatMap(({ packages }) => packages)
    if (stored === undefined) throw new Error('nothing to load')
    await using client = await this.warehouse.connect(context)
    return await loadPackage(this.working, client, stored)
  }

  get pending(): readonly string[] {
    return readGroups(this.working, 'normalized').flatMap(({ packages }) => packages.map(({ loadId }) => loadId))
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]()
  }
}

const terminal = () => {
  throw new DestinationError('The column "id" cannot hold the value.', {
    kind: 'terminal',
    context: { table: 'items', file: 'items.0123456789.jsonl' },
  })
}

function failing(times: number, error: Error): () => void {
  let left = times
  return () => {
    if (left-- > 0) throw error
  }
}

const busy = new DestinationError('The warehouse is busy.', { kind: 'transient' })

describe('loading a package', () => {
  test('makes tables, then loads all rows, then moves the package and removes its rows', async () => {
    using loading = new Loading()
    await loading.commit({ rows: [{ id: 1 }, { id: 2 }] })
    const loaded = await loading.load()
    expect(loading.warehouse.log).toEqual(['connect', 'update sample 2', 'load sample items', 'close'])
    expect(loading.warehouse.values('data', 'items', 'id')).toEqual([1, 2])
    expect(loaded).toMatchObject({
      loadId: '1700000000.5',
      state: 'loaded',
      schemaName: 'sample',
      schemaVersion: 2,
      schemaHash: itemsSchema().version_hash,
      stateVersion: 1,
      wasLoadedBefore: false,
      jobs: [{ tableName: 'items', format: 'jsonl', rowCount: 2 }],
    })
    expect(loaded.schemaChanges.map(({ tableName, created }) => [tableName, created])).toEqual([
      ['_dlt_version', true],
      ['_dlt_loads', true],
      ['items', true],
    ])
    expect(loading.pending).toEqual([])
    const kept = readdirSync(join(loading.working.stage('loaded'), '1700000000.5'))
    expect(kept).toEqual(['manifest.json', 'schema.json', 'started-from', 'state.json'])
  })

  test('empties the tables that it replaces, in the same transaction', async () => {
    using loading = new Loading()
    await loading.commit({ loadIds: ['1700000000.5'], rows: [{ id: 1 }] })
    await loading.load()
    const schema = itemsSchema('sample', 'replace')
    await loading.commit({ loadIds: ['1700000001.5'], schema, rows: [{ id: 2 }], replacedTables: ['items'] })
    await loading.load()
    expect(loading.warehouse.values('data', 'items', 'id')).toEqual([2])
  })

  test('tells of tables that somebody dropped, and that were made again', async () => {
    using loading = new Loading()
    await loading.commit({ loadIds: ['1700000000.5'], rows: [{ id: 1 }] })
    await loading.load()
    loading.warehouse.dropTable('data', 'items')
    await loading.commit({ loadIds: ['1700000001.5'], rows: [{ id: 2 }] })
    const { state, schemaChanges } = await loading.load()
    expect(state).toBe('loaded')
    expect(schemaChanges.map(({ tableName, created }) => [tableName, created])).toEqual([['items', true]])
    expect(loading.warehouse.values('data', 'items', 'id')).toEqual([2])
  })

  test('leaves out files of tables with the disposition "skip"', async () => {
    using loading = new Loading()
    const schema = itemsSchema()
    const table = schema.tables.get('items')
    const tables = new Map(schema.tables)
    if (table !== undefined) tables.set('items', { ...table, write_disposition: 'skip' })
    await loading.commit({ schema: { ...schema, tables } })
    const { jobs } = await loading.load()
    expect(jobs).toEqual([])
    expect(loading.warehouse.rows('data', 'items')).toEqual([])
    expect(loading.warehouse.values('data', '_dlt_loads', 'load_id')).toEqual(['1700000000.5'])
  })
})

describe('a lost answer', () => {
  test('to the commit is found by the load id: nothing is loaded twice', async () => {
    using loading = new Loading({ afterLoad: failing(1, busy) })
    await loading.commit()
    await expect(loading.load()).rejects.toThrow(busy)
    expect(await loading.load()).toMatchObject({ state: 'loaded', wasLoadedBefore: true })
    expect(loading.warehouse.values('data', 'items', 'id')).toEqual([1])
    expect(loading.warehouse.rows('data', '_dlt_loads').length).toBe(1)
  })

  test('because the process died is found by the next one', async () => {
    using loading = new Loading({ afterLoad: failing(1, new Error('killed')) })
    await loading.commit()
    await expect(loading.load()).rejects.toThrow('killed')
    expect(loading.pending).toEqual(['1700000000.5'])
    expect(await loading.load()).toMatchObject({ state: 'loaded', wasLoadedBefore: true })
    expect(loading.warehouse.values('data', 'items', 'id')).toEqual([1])
  })
})

describe('a refusal for good', () => {
  test('is an outcome: nothing is visible, the package stays, and the reason is noted', async () => {
    using loading = new Loading({ beforeLoad: failing(1, new DestinationError('No.', { kind: 'terminal' })) })
    await loading.commit()
    expect(await loading.load()).toMatchObject({ state: 'failed', failure: { message: 'No.' } })
    expect(loading.warehouse.rows('data', 'items')).toEqual([])
    expect(loading.warehouse.rows('data', '_dlt_loads')).toEqual([])
    expect(readGroups(loading.working, 'normalized')[0]?.packages[0]?.failure).toBe('No.')
    expect(await loading.load()).toMatchObject({ state: 'loaded' })
    expect(existsSync(join(loading.working.stage('loaded'), '1700000000.5', 'failure.json'))).toBe(false)
  })

  test('names the file and the table where the destination does', async () => {
    using loading = new Loading({ beforeLoad: terminal })
    await loading.commit()
    const { failure } = await loading.load()
    expect(failure).toEqual({
      message: 'The column "id" cannot hold the value.',
      jobId: 'items.0123456789.jsonl',
      tableName: 'items',
    })
  })

  test('is not tried again at once', async () => {
    let calls = 0
    using loading = new Loading({
      beforeLoad: () => {
        calls++
        terminal()
      },
    })
    await loading.commit()
    await loading.load()
    expect(calls).toBe(1)
  })

  test('of tables raises: no row was refused', async () => {
    using loading = new Loading({ beforeUpdate: terminal })
    await loading.commit()
    await expect(loading.load()).rejects.toThrow('The column "id" cannot hold the value.')
    expect(loading.pending).toEqual(['1700000000.5'])
  })

  test('that is no error of the destination raises', async () => {
    using loading = new Loading({ beforeLoad: failing(9, new DltError('Damaged.', { code: 'PACKAGE' })) })
    await loading.commit()
    await expect(loading.load()).rejects.toThrow('Damaged.')
  })
})

describe('a destination that cannot take a package now', () => {
  test.each(['beforeUpdate', 'beforeLoad'] as const)(
    'at "%s" was patient enough itself: it is not asked again, and the package stays',
    async (hook) => {
      let calls = 0
      using loading = new Loading({
        [hook]: () => {
          calls++
          if (calls === 1) throw busy
        },
      })
      await loading.commit()
      await expect(loading.load()).rejects.toThrow(busy)
      expect(calls).toBe(1)
      expect(loading.pending).toEqual(['1700000000.5'])
      const [group] = readGroups(loading.working, 'normalized')
      expect(group?.packages[0]?.failure).toBeUndefined()
      expect(await loading.load()).toMatchObject({ state: 'loaded' })
    },
  )
})
