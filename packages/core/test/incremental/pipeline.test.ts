import { cpSync, readFileSync } from 'node:fs'
import { DltError, parseTypedJson, typedJson } from '@dlt/schema'
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { CommitPointEvent } from '../../src/packages/commit-points.ts'
import { Pipeline } from '../../src/pipeline/pipeline.ts'
import { CommitPointRecorder } from '../packages/commit-point-recorder.ts'
import { PipelineFixture } from '../pipeline/pipeline-fixture.ts'
import { TemporaryDirectory } from '../temporary-directory.ts'
import { Warehouse } from '../warehouse/warehouse.ts'
import { type Event, eventResource, events } from './growing-source.ts'

/** What the state of a pipeline holds for the source `shop`, as text. */
function sourceState({ state }: Pipeline): string | null {
  const source = state.sources?.['shop']
  return source === undefined ? null : typedJson(source)
}

/** The last value of the events' cursor. */
function lastValue({ state }: Pipeline): unknown {
  const path = ['shop', 'resources', 'events', 'incremental', 'at', 'last_value']
  return path.reduce<unknown>((value, key) => Object(value)[key], state.sources)
}

const sorted = (ids: readonly unknown[]): readonly unknown[] =>
  ids.toSorted((left, right) => Number(left) - Number(right))
const upTo = (count: number): readonly number[] => events(count).map(({ id }) => id)

async function failureOf(run: Promise<unknown>): Promise<DltError> {
  try {
    await run
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('It did not fail.')
}

/** The messages of an error and of what caused it. */
function messagesOf(error: unknown): readonly string[] {
  return error instanceof Error ? [error.message, ...messagesOf(error.cause)] : []
}

describe('runs of a pipeline', () => {
  it('load what is new, and each item once', async () => {
    using shop = new PipelineFixture()
    for (const count of [3, 3, 4, 9]) {
      await shop.pipeline().run(eventResource(events(count)))
      expect(shop.ids('events')).toEqual(upTo(count))
      expect(lastValue(shop.pipeline())).toBe(Math.ceil(count / 2))
    }
  })

  describe.each<[string, object]>([
    ['by themselves', {}],
    ['by a key', { primaryKey: 'id' }],
  ])('tell items of one cursor apart %s', (_, key) => {
    const named = { name: 'events', incremental: { cursorPath: 'at' }, ...key }
    const fresh = () => [1, 2, 3].map((id) => ({ id, at: 5 }))
    const change = (item: { id: number; at: number }) => Object.assign(item, { id: item.id * 10, made: Math.random() })

    it('that a generator yields as one object', async () => {
      using shop = new PipelineFixture()
      const source = resource(named, function* () {
        const one = { id: 0, at: 5 }
        for (one.id = 1; one.id <= 3; one.id++) yield one
      })
      for (const count of [3, 3]) {
        await shop.pipeline().run(source)
        expect(sorted(shop.ids('events'))).toHaveLength(count)
      }
    })

    it.each<[string, (source: Resource<{ id: number; at: number }>) => Resource[]]>([
      ['a later step', (source) => [source.addMap(change, { insertAt: 1 })]],
      ['a transformer', (source) => [source, transformer({ name: 'changed', dataFrom: source }, change)]],
      [
        'an asynchronous transformer',
        (source) => [source, transformer({ name: 'changed', dataFrom: source }, async (item) => change(item))],
      ],
    ])('that %s changes', async (__, declare) => {
      using shop = new PipelineFixture()
      for (const form of ['one by one', 'in a page', 'one by one']) {
        const source = resource(named, function* () {
          if (form === 'in a page') yield fresh()
          else yield* fresh()
        })
        await shop.pipeline().run(declare(source))
        expect(shop.ids('events')).toHaveLength(3)
      }
    })
  })

  it('tell the function where it was', async () => {
    using shop = new PipelineFixture()
    const seen: unknown[] = []
    const source = resource(
      { name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at', initialValue: 0 } },
      function* ({ incremental }) {
        seen.push([incremental.initialValue, incremental.startValue, incremental.lastValue])
        yield events(4)
        seen.push(incremental.lastValue)
      },
    )
    await shop.pipeline().run(source)
    await shop.pipeline().run(source)
    expect(seen).toEqual([[0, 0, 0], 2, [0, 2, 2], 2])
  })

  it('go on where another working directory was, from the state at the destination', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(4)))
    const elsewhere = shop.pipeline({ workingDir: shop.folder.in('elsewhere') })
    await elsewhere.run(eventResource(events(6)))
    expect(shop.ids('events')).toEqual(upTo(6))
    expect(lastValue(elsewhere)).toBe(3)
  })

  it('stop reading where the order says that nothing new comes', async () => {
    using shop = new PipelineFixture()
    let pages = 0
    let isClosed = false
    const source = () =>
      resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at', rowOrder: 'desc' } }, function* () {
        try {
          for (const event of events(20).toReversed()) {
            pages++
            yield [event]
          }
        } finally {
          isClosed = true
        }
      })
    await shop.pipeline().run(source())
    expect(pages).toBe(20)
    pages = 0
    isClosed = false
    await shop.pipeline().run(source())
    expect(pages).toBeLessThan(4)
    expect(isClosed).toBe(true)
    expect(sorted(shop.ids('events'))).toEqual(upTo(20))
  })

  it('see items as steps before the cursor left them', async () => {
    using shop = new PipelineFixture()
    const source = (from: readonly Event[]) =>
      eventResource(from)
        .addMap(async ({ id, at }) => ({ id, at: at * 10 }))
        .addFilter(({ id }) => id !== 2)
    await shop.pipeline().run(source(events(3)))
    expect(lastValue(shop.pipeline())).toBe(20)
    await shop.pipeline().run(source(events(5)))
    expect(shop.ids('events')).toEqual([1, 3, 4, 5])
  })

  it('tell items of one time apart by a key that is a function', async () => {
    using shop = new PipelineFixture()
    const source = (count: number) =>
      resource({ name: 'events', primaryKey: (_: Event) => 'id', incremental: { cursorPath: 'at' } }, events(count))
    await shop.pipeline().run(source(3))
    await shop.pipeline().run(source(4))
    expect(shop.ids('events')).toEqual(upTo(4))
  })

  it('take items that are yielded one by one', async () => {
    using shop = new PipelineFixture()
    const source = (count: number) =>
      resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at' } }, async function* () {
        for (const event of events(count)) yield event
      })
    await shop.pipeline().run(source(3001))
    await shop.pipeline().run(source(3003))
    expect(shop.ids('events')).toEqual(upTo(3003))
  })
})

describe('a run that fails', () => {
  it('in the source leaves the cursor where it was', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(2)))
    const before = sourceState(shop.pipeline())
    const broken = resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at' } }, function* () {
      yield events(4)
      throw new Error('source is gone')
    })
    const failure = await failureOf(shop.pipeline().run(broken))
    expect(messagesOf(failure).join()).toContain('source is gone')
    expect(sourceState(shop.pipeline())).toBe(before)
    await shop.pipeline().run(eventResource(events(6)))
    expect(shop.ids('events')).toEqual(upTo(6))
  })

  it('at the destination keeps cursor and items together in the package that waits', async () => {
    let isBroken = false
    using shop = new PipelineFixture({
      beforeLoad: () => {
        if (isBroken) throw new Error('destination is gone')
      },
    })
    await shop.pipeline().run(eventResource(events(2)))
    isBroken = true
    await failureOf(shop.pipeline().run(eventResource(events(4))))
    expect(shop.ids('events')).toEqual(upTo(2))
    isBroken = false
    await shop.pipeline().run(eventResource(events(6)))
    expect(sorted(shop.ids('events'))).toEqual(upTo(6))
    expect(lastValue(shop.pipeline())).toBe(3)
  })

  it.each([
    [
      { id: 9 },
      `Resource "events": an item has nothing at the cursor path "at". Spell it as in the data, not as in the database. Set onCursorValueMissing: 'include' to load such items, or 'exclude' to drop them.`,
    ],
    [
      { id: 9, at: null },
      `Resource "events": the cursor "at" of an item is null. Set onCursorValueMissing: 'include' to load such items, or 'exclude' to drop them.`,
    ],
    [
      { id: 9, at: 'today' },
      'Resource "events": the cursor "at" is a text in an item, but the last value is a number.',
    ],
    [
      { at: 9 },
      'Resource "events": an item has no "id", a column of the primary key that tells rows with the same cursor apart.',
    ],
  ])('over the item %j says why', async (item, message) => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(2)))
    const broken = resource({ name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at' } }, [
      ...events(4),
      item,
    ])
    const failure = await failureOf(shop.pipeline().run(broken))
    expect(messagesOf(failure).join('\n')).toContain(message)
    expect(messagesOf(failure).join('\n')).not.toContain('today')
    expect(shop.ids('events')).toEqual(upTo(2))
  })

  it('by a damaged state names the cursor', async () => {
    using shop = new PipelineFixture()
    const source = resource({ name: 'events' }, function* ({ state }) {
      state['incremental'] = { at: 'damaged' }
      yield { id: 1 }
    })
    await shop.pipeline().run(source)
    const failure = await failureOf(shop.pipeline().run(eventResource(events(2))))
    expect(messagesOf(failure).join('\n')).toContain(
      'The state of resource "events" for the cursor "at" is damaged. Restore the state from a backup, or run once with a refresh to load the resource anew.',
    )
  })
})

/** The pipeline `shop` in a folder with its working directory and its warehouse, as a process on its own would have it. */
function openShop(folder: string): { readonly pipeline: Pipeline; readonly warehouse: Warehouse } {
  const warehouse = new Warehouse({ path: `${folder}/warehouse.json` })
  const quiet = { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} }
  const pipeline = new Pipeline({
    pipelineName: 'shop',
    workingDir: `${folder}/work`,
    destination: warehouse,
    logger: quiet,
  })
  return { pipeline, warehouse }
}

describe('a process that is killed at any commit point', () => {
  it('never leaves a cursor beyond what was loaded or waits to be', async () => {
    using folder = new TemporaryDirectory()
    using images = new TemporaryDirectory()
    await openShop(folder.path).pipeline.run(eventResource(events(3)))
    const pictures: string[] = []
    {
      using _recorder = new CommitPointRecorder(({ operation, moment, point }: CommitPointEvent) => {
        if (operation === 'sync' || moment === 'before') return
        const picture = images.in(String(pictures.length))
        cpSync(folder.path, picture, { recursive: true })
        pictures.push(`${moment} ${operation} ${point}`)
      })
      await openShop(folder.path).pipeline.run(eventResource(events(5)))
    }
    expect(pictures.length).toBeGreaterThan(5)
    for (const [at, where] of pictures.entries()) {
      const { pipeline, warehouse } = openShop(images.in(String(at)))
      await pipeline.run(eventResource(events(8)))
      expect(sorted(warehouse.values('shop', 'events', 'id')), where).toEqual(upTo(8))
      expect(lastValue(pipeline), where).toBe(4)
      if (at % 3 !== 0) continue
      const lost = openShop(images.in(String(at)))
      const fresh = new Pipeline({
        pipelineName: 'shop',
        workingDir: images.in(`fresh ${at}`),
        destination: lost.warehouse,
        logger: { debug: () => {}, info: () => {}, warning: () => {}, error: () => {} },
      })
      await fresh.run(eventResource(events(9)))
      expect(sorted(lost.warehouse.values('shop', 'events', 'id')), `${where}, another machine`).toEqual(upTo(9))
    }
  })
})

describe('split loading', () => {
  /** A source that gives pages from a time on, in order. */
  const page = (from: unknown) => events(20).filter(({ at }) => from === undefined || at >= Number(from))

  it('with a limit and ordered items comes to the end, each item once', async () => {
    using shop = new PipelineFixture()
    const source = () =>
      resource(
        { name: 'events', primaryKey: 'id', incremental: { cursorPath: 'at', rowOrder: 'asc' } },
        function* ({ incremental }) {
          const rest = page(incremental.lastValue)
          for (let start = 0; start < rest.length; start += 3) yield rest.slice(start, start + 3)
        },
      ).addLimit(2)
    const counts: number[] = []
    for (let run = 0; run < 8; run++) {
      await shop.pipeline().run(source())
      counts.push(shop.ids('events').length)
    }
    expect(counts[0]).toBe(6)
    expect(counts.at(-1)).toBe(20)
    expect(shop.ids('events')).toEqual(upTo(20))
  })

  it('stops asking behind the end value', async () => {
    using shop = new PipelineFixture()
    let asked = 0
    const incremental = { cursorPath: 'at', initialValue: 1, endValue: 4, rowOrder: 'asc' } as const
    const source = resource({ name: 'events', primaryKey: 'id', incremental }, function* () {
      for (const event of events(100)) {
        asked++
        yield [event]
      }
    })
    await shop.pipeline().run(source)
    expect(shop.ids('events')).toEqual(upTo(6))
    expect(asked).toBeLessThan(10)
  })
})

describe('backfills', () => {
  const range = (initialValue: number, endValue: number) =>
    eventResource(events(20), { cursorPath: 'at', initialValue, endValue })

  it('leave the state alone', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(range(1, 3))
    expect(sourceState(shop.pipeline())).toBeNull()
    await shop.pipeline().run(eventResource(events(20), { cursorPath: 'at', initialValue: 9 }))
    const state = sourceState(shop.pipeline())
    await shop.pipeline().run(range(3, 9))
    expect(sourceState(shop.pipeline())).toBe(state)
    expect(sorted(shop.ids('events'))).toEqual(upTo(20))
  })

  it('run side by side', async () => {
    using shop = new PipelineFixture()
    await shop.pipeline().run(eventResource(events(20), { cursorPath: 'at', initialValue: 9 }))
    const state = sourceState(shop.pipeline())
    const ranges = [
      [1, 3],
      [3, 7],
      [7, 9],
    ] as const
    await Promise.all(
      ranges.map(([from, to]) =>
        shop
          .pipeline({
            pipelineName: `backfill_${from}`,
            datasetName: 'shop',
            workingDir: shop.folder.in(`backfill ${from}`),
          })
          .run(range(from, to)),
      ),
    )
    expect(sorted(shop.ids('events'))).toEqual(upTo(20))
    expect(sourceState(shop.pipeline())).toBe(state)
  })
})

describe('a table that is replaced', () => {
  it('is loaded anew in every run', async () => {
    using shop = new PipelineFixture()
    const replace = { writeDisposition: 'replace' } as const
    const incremental = { cursorPath: 'at', initialValue: 2 }
    await shop.pipeline().run(eventResource(events(6), incremental, replace))
    const state = sourceState(shop.pipeline())
    await shop.pipeline().run(eventResource(events(6), incremental, replace))
    expect(shop.ids('events')).toEqual([3, 4, 5, 6])
    expect(sourceState(shop.pipeline())).toBe(state)
  })

  it('does not reset others', async () => {
    using shop = new PipelineFixture()
    const other = () =>
      resource({ name: 'other', writeDisposition: 'replace', incremental: { cursorPath: 'at' } }, events(2))
    await shop.pipeline().run([eventResource(events(4)), other()])
    await shop.pipeline().run([eventResource(events(4)), other()])
    expect(shop.ids('events')).toEqual(upTo(4))
    expect(shop.ids('other')).toEqual(upTo(2))
  })
})

describe("a scheduler's interval", () => {
  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('DLT_INTERVAL') || name.startsWith('DLT_ALLOW')) Reflect.deleteProperty(process.env, name)
    }
  })

  const source = (allowExternalSchedulers?: boolean) => {
    const incremental = {
      cursorPath: 'at',
      initialValue: new Date(0),
      ...(allowExternalSchedulers === undefined ? {} : { allowExternalSchedulers }),
    }
    const days = [1, 2, 3, 4].map((id) => ({ id, at: new Date(Date.UTC(2024, 0, id)) }))
    return resource({ name: 'events', primaryKey: 'id', incremental }, days)
  }

  it('is the range of a run that keeps no state', async () => {
    using shop = new PipelineFixture()
    process.env['DLT_INTERVAL_START'] = '2024-01-02T00:00:00Z'
    process.env['DLT_INTERVAL_END'] = '2024-01-04T00:00:00Z'
    await shop.pipeline().run(source(true))
    expect(shop.ids('events')).toEqual([2, 3])
    expect(sourceState(shop.pipeline())).toBeNull()
    process.env['DLT_ALLOW_EXTERNAL_SCHEDULERS'] = '1'
    await shop.pipeline().run(source())
    expect(shop.ids('events')).toEqual([2, 3, 2, 3])
    await shop.pipeline().run(source(false))
    expect(shop.ids('events')).toEqual([2, 3, 2, 3, 1, 2, 3, 4])
    expect(sourceState(shop.pipeline())).not.toBeNull()
  })

  it('that is missing is an error', async () => {
    using shop = new PipelineFixture()
    const failure = await failureOf(shop.pipeline().run(source(true)))
    expect(messagesOf(failure).join('\n')).toContain(
      'Resource "events": its incremental takes its range from a scheduler, but there is none.',
    )
  })
})

describe('state documents', () => {
  const names: Readonly<Record<string, string>> = {
    cursor_path: 'cursorPath',
    initial_value: 'initialValue',
    end_value: 'endValue',
    on_cursor_value_missing: 'onCursorValueMissing',
    lag: 'lag',
  }
  const { states } = readStates()

  function readStates() {
    const options = v.object({
      cursor_path: v.string(),
      initial_value: v.optional(v.unknown()),
      end_value: v.optional(v.unknown()),
      lag: v.optional(v.number()),
      on_cursor_value_missing: v.optional(v.picklist(['include'])),
    })
    const state = v.object({
      name: v.string(),
      runs: v.array(v.array(v.record(v.string(), v.unknown()))),
      options,
      state: v.nullable(v.string()),
    })
    const text = readFileSync(new URL('recorded/states.json', import.meta.url), 'utf8')
    return v.parse(v.object({ states: v.array(state) }), parseTypedJson(text))
  }

  it.each(states.map((entry) => [entry.name, entry] as const))(
    "are the reference system's: %s",
    async (_, { runs, options, state }) => {
      using shop = new PipelineFixture()
      const { cursor_path: cursorPath, ...more } = options
      const given = Object.fromEntries(Object.entries(more).map(([name, value]) => [names[name] ?? name, value]))
      for (const items of runs) {
        const source = resource({ name: 'items', primaryKey: 'id', incremental: { cursorPath, ...given } }, items)
        await shop.pipeline().run(source)
      }
      expect(sourceState(shop.pipeline())).toBe(state)
    },
  )
})

describe('items with a schema', () => {
  const user = v.object({
    id: v.pipe(v.number(), v.integer()),
    at: v.pipe(v.string(), v.isoTimestamp()),
    name: v.optional(v.string(), 'nobody'),
    tags: v.array(v.string()),
  })

  it('are checked, changed by it, and give the table its columns', async () => {
    using shop = new PipelineFixture()
    const pipeline = shop.pipeline()
    const items = [{ id: 1, at: '2024-01-01T00:00:00Z', tags: ['a'], more: 5 }]
    await pipeline.run(resource({ name: 'users', columns: user, incremental: { cursorPath: 'at' } }, items))
    const columns = pipeline.defaultSchema?.tables.get('users')?.columns
    expect(columns?.get('id')).toEqual({ name: 'id', data_type: 'bigint', nullable: false })
    expect(columns?.get('at')).toMatchObject({ data_type: 'timestamp', nullable: false })
    expect(columns?.get('name')).toMatchObject({ data_type: 'text', nullable: false })
    expect(columns?.has('more')).toBe(false)
    expect(shop.warehouse.values('shop', 'users', 'name')).toEqual(['nobody'])
    expect(shop.warehouse.values('shop', 'users__tags', 'value')).toEqual(['a'])
  })

  it('leave to the data what the schema does not tell, said at the debug level', async () => {
    using shop = new PipelineFixture()
    const said: string[] = []
    const quiet = () => {}
    const logger = { debug: (message: string) => said.push(message), info: quiet, warning: quiet, error: quiet }
    const items = [{ id: 1, at: '2024-01-01T00:00:00Z', tags: ['a'] }]
    await shop.pipeline({ logger }).run(resource({ name: 'users', columns: user }, items))
    expect(said).toEqual([
      'Pipeline "shop": Resource "users": The field "tags" holds objects or lists, which become columns and tables as the data has them: its columns are inferred.',
    ])
  })

  it('that do not fit stop the extract with their path, and nothing is loaded', async () => {
    using shop = new PipelineFixture()
    const items = [{ id: 1, at: 'secret', tags: [] }]
    const failure = await failureOf(shop.pipeline().run(resource({ name: 'users', columns: user }, items)))
    const messages = messagesOf(failure).join('\n')
    expect(messages).toContain('Resource "users"')
    expect(messages).toContain(
      'An item does not fit its schema at "at" (iso_timestamp). Correct it with addMap, or change the schema.',
    )
    expect(messages).not.toContain('secret')
    expect(shop.warehouse.tables('shop')).not.toContain('users')
  })

  it('may be checked asynchronously', async () => {
    using shop = new PipelineFixture()
    const schema = v.objectAsync({
      id: v.pipeAsync(
        v.number(),
        v.integer(),
        v.checkAsync(async (id) => id < 3),
      ),
    })
    await shop.pipeline().run(resource({ name: 'users', columns: schema }, [{ id: 1 }, { id: 2 }]))
    expect(shop.ids('users')).toEqual([1, 2])
    const failure = await failureOf(shop.pipeline().run(resource({ name: 'users', columns: schema }, [{ id: 3 }])))
    expect(messagesOf(failure).join('\n')).toContain('An item does not fit its schema at "id" (check).')
  })
})
