import { rmSync } from 'node:fs'
import { DltError } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { describe, expect, test } from 'vitest'
import { current } from '../../src/declare/current.ts'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'

interface Row {
  readonly id: number
  readonly at: number
}

/** Counts its runs in its state, and may fail at the end. */
const counting = (fails = false, writeDisposition: 'append' | 'replace' = 'append') =>
  resource({ name: 'items', writeDisposition }, function* ({ state, sourceState }) {
    const runs = Number(state['runs'] ?? 0) + 1
    state['runs'] = runs
    sourceState['total'] = runs
    yield { id: runs }
    if (fails) throw new Error('the API is down')
  })

const newRows = (data: readonly Row[]) =>
  resource({ name: 'items', primaryKey: 'id', incremental: { cursorPath: 'at', initialValue: 0 } }, () => [data])

describe('what code of a resource puts into its state', () => {
  test('is there in the next run, in another process and after the working directory is lost', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(counting())
    await shop.pipeline().run(counting())
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { items: { runs: 2 } }, total: 2 } })
    rmSync(shop.workingDir, { recursive: true })
    await shop.pipeline().run(counting())
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { items: { runs: 3 } }, total: 3 } })
    expect(shop.ids('items')).toEqual([1, 2, 3])
  })

  test('keeps its types', async () => {
    using shop = new PipelineFixture()
    const values = { at: new Date(0), price: new Decimal('1.10'), long: 2n ** 60n, bytes: Uint8Array.of(1, 2) }
    await shop.pipeline().run(
      resource({ name: 'items' }, ({ state }) => {
        Object.assign(state, values)
        return [{ id: 1 }]
      }),
    )
    rmSync(shop.workingDir, { recursive: true })
    let found: unknown
    await shop.pipeline().run(
      resource({ name: 'items' }, ({ state }) => {
        found = { ...state }
        return [{ id: 2 }]
      }),
    )
    expect(found).toEqual(values)
  })

  test('changes nothing when the extract fails', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(counting())
    const before = shop.pipeline().state
    await expect(shop.pipeline().run(counting(true))).rejects.toThrow('the API is down')
    expect(shop.pipeline().state).toEqual(before)
    await shop.pipeline().run(counting())
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { items: { runs: 2 } }, total: 2 } })
  })

  test('changes nothing when a state cannot hold it, and the error names the path', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(counting())
    const before = shop.pipeline().state
    const wrong = resource({ name: 'items' }, ({ state }) => {
      state['seen'] = { when: new Map() }
      return [{ id: 9 }]
    })
    await expect(shop.pipeline().run(wrong)).rejects.toThrow(
      'The state cannot hold a Map at "sources.shop.resources.items.seen.when". Store null, booleans, finite numbers, bigint, text, dates, decimals, bytes, lists and plain objects.',
    )
    expect(shop.pipeline().state).toEqual(before)
    expect(shop.ids('items')).toEqual([1])
  })

  test('is gone in each run of a resource that replaces its table', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(counting(false, 'replace'))
    await shop.pipeline().run(counting(false, 'replace'))
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { items: { runs: 1 } }, total: 1 } })
  })

  test('cannot be changed any more after the run', async () => {
    using shop = new PipelineFixture()
    let kept: Record<string, unknown> = {}
    await shop.pipeline().run(
      resource({ name: 'items' }, ({ state }) => {
        kept = state
        return [{ id: 1 }]
      }),
    )
    expect(() => {
      kept['late'] = 1
    }).toThrow(TypeError)
  })

  test('leaves an empty entry where it was only looked at, and none where it was not', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(resource({ name: 'a' }, () => [{ id: 1 }]))
    expect(shop.pipeline().state.sources).toBeUndefined()
    await shop.pipeline().run(resource({ name: 'b' }, ({ state }) => [{ id: Object.keys(state).length }]))
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { b: {} } } })
  })

  test('is the same through dlt.current: in steps, in transformers, after they wait', async () => {
    using shop = new PipelineFixture()
    const note = (key: string): void => {
      current.resourceState()[key] = current.resourceName()
    }
    const parent = resource({ name: 'parent' }, async function* () {
      note('first')
      yield { id: 1 }
      await new Promise((resume) => setTimeout(resume, 1))
      note('second')
      yield { id: 2 }
    }).addMap(async (row) => {
      await Promise.resolve()
      note('map')
      return row
    })
    const children = [1, 3].map((concurrency) =>
      transformer({ name: `child${concurrency}`, dataFrom: parent, concurrency }, async (row) => {
        note('called')
        await Promise.resolve()
        note('waited')
        return row
      }).addMap((row) => {
        note('map')
        return row
      }),
    )
    await shop.pipeline().run([parent, ...children])
    const child = (name: string): object => ({ called: name, waited: name, map: name })
    expect(shop.pipeline().state.sources).toEqual({
      shop: {
        resources: {
          parent: { first: 'parent', second: 'parent', map: 'parent' },
          child1: child('child1'),
          child3: child('child3'),
        },
      },
    })
  })

  test('counts as one change of the state, which is stored once', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(counting())
    const { _state_version: first } = shop.pipeline().state
    await shop.pipeline().run(counting())
    const second = shop.pipeline().state
    expect(second._state_version).toBe(first + 1)
    await shop.pipeline().run(resource({ name: 'other' }, () => [{ id: 1 }]))
    expect(shop.pipeline().state._version_hash).toBe(second._version_hash)
  })
})

describe('a cursor', () => {
  test('is stored with the data, in the document of the reference system, before what code adds', async () => {
    using shop = new PipelineFixture()
    const items = resource(
      { name: 'items', primaryKey: 'id', incremental: { cursorPath: 'at', initialValue: 0 } },
      ({ state }) => {
        state['runs'] = 1
        return [
          { id: 1, at: 5 },
          { id: 2, at: 5 },
        ]
      },
    )
    await shop.pipeline().run(items)
    expect(JSON.stringify(shop.pipeline().state.sources)).toBe(
      '{"shop":{"resources":{"items":{"incremental":{"at":{"initial_value":0,"last_value":5,"unique_hashes":["669czW83KR00","Tp44cKMYfAuJ"],"start_value":0}},"runs":1}}}}',
    )
  })

  test('lets only what is new pass in the next run', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(newRows([{ id: 1, at: 5 }]))
    await shop.pipeline().run(
      newRows([
        { id: 1, at: 5 },
        { id: 2, at: 5 },
        { id: 3, at: 6 },
        { id: 4, at: 4 },
      ]),
    )
    expect(shop.ids('items')).toEqual([1, 2, 3])
    expect(shop.pipeline().state.sources).toMatchObject({
      shop: { resources: { items: { incremental: { at: { last_value: 6, start_value: 5 } } } } },
    })
  })

  test('has an entry though nothing came', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(resource({ name: 'items', incremental: { cursorPath: 'at' } }, () => [[]]))
    const cursor = { initial_value: null, last_value: null, unique_hashes: [], start_value: null }
    expect(shop.pipeline().state.sources).toEqual({ shop: { resources: { items: { incremental: { at: cursor } } } } })
  })

  test('of a backfill leaves no trace', async () => {
    using shop = new PipelineFixture()
    const options = { cursorPath: 'at', initialValue: 0, endValue: 6 }
    await shop.pipeline().run(
      resource({ name: 'items', incremental: options }, () => [
        [
          { id: 1, at: 5 },
          { id: 2, at: 7 },
        ],
      ]),
    )
    expect(shop.ids('items')).toEqual([1])
    expect(shop.pipeline().state.sources).toBeUndefined()
  })

  test('does not move when the extract fails', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(newRows([{ id: 1, at: 5 }]))
    const before = shop.pipeline().state
    const failing = newRows([
      { id: 2, at: 6 },
      { id: 3, at: 7 },
    ]).addMap((row) => {
      if (row.id === 3) throw new Error('gone')
      return row
    })
    await expect(shop.pipeline().run(failing)).rejects.toThrow('Resource "items" failed in map 1 at item 2 of page 1')
    expect(shop.pipeline().state).toEqual(before)
    await shop.pipeline().run(newRows([{ id: 2, at: 6 }]))
    expect(shop.ids('items')).toEqual([1, 2])
  })

  test('begins anew in each run of a resource that replaces its table', async () => {
    using shop = new PipelineFixture()
    const replaced = resource(
      { name: 'items', writeDisposition: 'replace', incremental: { cursorPath: 'at' } },
      ({ incremental }) => [{ id: 1, at: 5, start: incremental.startValue === undefined }],
    )
    await shop.pipeline().run(replaced)
    await shop.pipeline().run(replaced)
    expect(shop.warehouse.values('shop', 'items', 'start')).toEqual([true])
  })

  test('that is damaged in the state is refused, with the remedy', async () => {
    using shop = new PipelineFixture()
    const spoil = resource({ name: 'items' }, ({ state }) => {
      state['incremental'] = { at: { last_value: 1, unique_hashes: 'no list' } }
      return [{ id: 1 }]
    })
    await shop.pipeline().run(spoil)
    const error: unknown = await shop
      .pipeline()
      .run(newRows([{ id: 2, at: 5 }]))
      .catch((reason: unknown) => reason)
    expect(DltError.is(error) && error.cause).toMatchObject({ code: 'STATE', context: { resource: 'items' } })
    expect(String(error)).toContain('The state of resource "items" for the cursor "at" is damaged.')
  })
})
