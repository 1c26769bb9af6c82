import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { Resource } from '../../src/declare/resource.ts'
import { materializeTable, withHints, withTableName } from '../../src/hints/item-marks.ts'
import type { IncrementalRun } from '../../src/incremental/cursor-run.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import type { PipeStep } from '../../src/items/pipe-step.ts'
import { itemsOf, readResources, thrown, wait } from './read-resources.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

// The same numbers one by one, as pages, and one by one by an asynchronous generator.
const shapes: readonly (readonly [string, Resource<number>])[] = [
  ['single items', resource({ name: 'items' }, () => numbers(7))],
  ['pages', resource({ name: 'items' }, () => [numbers(3), [4, 5], [6, 7]])],
  [
    'items of an asynchronous generator',
    resource({ name: 'items' }, async function* () {
      for (const number of numbers(7)) {
        await Promise.resolve()
        yield number
      }
    }),
  ],
]

describe.each(shapes)('steps over %s', (_, items) => {
  it('map puts another item in the place of each', async () => {
    expect(await itemsOf(items.addMap((item) => ({ id: item })))).toEqual(numbers(7).map((id) => ({ id })))
  })

  it('map may be asynchronous, and keeps the order', async () => {
    const slow = items.addMap(async (item) => {
      await wait(item % 2)
      return item * 10
    })
    expect(await itemsOf(slow)).toEqual([10, 20, 30, 40, 50, 60, 70])
  })

  it('map drops what it makes undefined or null', async () => {
    const some = items.addMap((item) => (item % 3 === 0 ? undefined : item % 3 === 1 ? null : item))
    expect(await itemsOf(some)).toEqual([2, 5])
    expect(await itemsOf(items.addMap(async (item) => (item > 5 ? item : undefined)))).toEqual([6, 7])
  })

  it('a list that map makes is one item', async () => {
    expect(await itemsOf(items.addMap((item) => [item]))).toEqual(numbers(7).map((item) => [item]))
  })

  it('filter lets pass what it says, also when it says it later', async () => {
    expect(await itemsOf(items.addFilter((item) => item % 2))).toEqual([1, 3, 5, 7])
    expect(await itemsOf(items.addFilter(async (item) => item > 3))).toEqual([4, 5, 6, 7])
  })

  it('yield map gives any number of items in any form', async () => {
    const generator = items.addYieldMap(function* (item) {
      if (item > 2) return
      yield item
      yield item * 10
    })
    expect(await itemsOf(generator)).toEqual([1, 10, 2, 20])
    expect(await itemsOf(items.addYieldMap((item) => (item > 5 ? [item, item] : [])))).toEqual([6, 6, 7, 7])
    expect(await itemsOf(items.addYieldMap(async (item) => (item > 6 ? [item] : [])))).toEqual([7])
    const later = items.addYieldMap(async function* (item) {
      await wait(1)
      if (item > 5) yield item
      yield [-item]
    })
    expect(await itemsOf(later)).toEqual([-1, -2, -3, -4, -5, 6, -6, 7, -7])
  })

  it('steps follow one another', async () => {
    const steps = items
      .addMap((item) => item * 2)
      .addFilter((item) => item > 4)
      .addYieldMap((item) => [item, -item])
      .addMap(async (item) => item + 1)
    expect(await itemsOf(steps)).toEqual([7, -5, 9, -7, 11, -9, 13, -11, 15, -13])
  })

  it('metrics see every item and change none', async () => {
    const metrics: Record<string, unknown> = {}
    const counted = items.addMetrics((item, counts) => {
      counts['sum'] = Number(counts['sum'] ?? 0) + item
    })
    expect(await itemsOf(counted, { runs: { items: { metrics } } })).toEqual(numbers(7))
    expect(metrics).toEqual({ sum: 28 })
  })

  it('validate passes on what the schema makes of an item', async () => {
    const validator = { validate: (item: unknown) => `${item}!` }
    const checked = new Resource(items.options, items.content, [{ kind: 'validate', validator }])
    expect(await itemsOf(checked)).toEqual(numbers(7).map((item) => `${item}!`))
  })
})

describe('a limit', () => {
  const pageOfEach = resource({ name: 'items' }, () => numbers(50).map((item) => [item]))

  it.each([
    [0, []],
    [1, [1, 2]],
    [2, [1, 2, 3]],
    [3, [1, 2, 3, 4]],
    [9, [1, 2, 3, 4]],
  ])('of %i counts what is yielded: pages, and single items', async (limit, expected) => {
    const items = resource({ name: 'items' }, () => [[1, 2], 3, [4]].values())
    expect(await itemsOf(items.addLimit(limit))).toEqual(expected)
  })

  it.each([
    [1, [1, 2]],
    [2, [1, 2]],
    [3, [1, 2, 3]],
    [4, [1, 2, 3, 4, 5]],
  ])('of %i rows keeps the page that reaches it', async (maxItems, expected) => {
    const items = resource({ name: 'items' }, () => [[1, 2], 3, [], [4, 5], 6].values())
    expect(await itemsOf(items.addLimit({ maxItems, countRows: true }))).toEqual(expected)
  })

  it('counts empty pages as yields', async () => {
    const items = resource({ name: 'items' }, () => [[], [], [1]].values())
    expect(await itemsOf(items.addLimit(2))).toEqual([])
  })

  it.each([
    ['filter', pageOfEach.addFilter((item) => item >= 20)],
    ['asynchronous filter', pageOfEach.addFilter(async (item) => item >= 20)],
    ['map', pageOfEach.addMap((item) => (item >= 20 ? item : undefined))],
    ['yield map', pageOfEach.addYieldMap((item) => (item >= 20 ? [item] : []))],
    ['filter before a yield map', pageOfEach.addFilter((item) => item >= 20).addYieldMap((item) => [item])],
  ])('does not count a page of which a %s leaves nothing', async (_, items) => {
    expect(await itemsOf(items.addLimit(3))).toEqual([20, 21, 22])
    expect(await itemsOf(items.addLimit({ maxItems: 3, countRows: true }))).toEqual([20, 21, 22])
  })

  it('is taken away by null', async () => {
    const items = resource({ name: 'items' }, [1, 2, 3])
    expect(await itemsOf(items.addLimit(1).addLimit(null))).toEqual([1, 2, 3])
    expect(await itemsOf(items.addLimit(1).addLimit({}))).toEqual([1, 2, 3])
  })

  it('counts a page that a yield map makes empty', async () => {
    const items = resource({ name: 'items' }, () => numbers(5)).addYieldMap(function* (item) {
      yield item % 2 === 0 ? [item] : []
    })
    expect(await itemsOf(items.addLimit(3))).toEqual([2])
  })

  it('counts an empty page behind steps that leave nothing of others', async () => {
    const items = resource({ name: 'items' }, () => [[1], [], [1], [2], [3]])
    expect(await itemsOf(items.addFilter((item) => item > 1).addLimit(2))).toEqual([2])
  })

  it('of time keeps what came last', async () => {
    let given = 0
    const items = resource({ name: 'items' }, async function* () {
      for (;;) {
        await wait(20)
        yield ++given
      }
    })
    const found = await itemsOf(items.addLimit({ maxTime: 0.05 }))
    expect(found).toEqual(numbers(given))
    expect(given).toBeGreaterThan(0)
  })

  it.each([
    ['synchronous', resource({ name: 'items' }, () => endless([]))],
    ['asynchronous', resource({ name: 'items' }, () => endlessLater([]))],
  ])('closes a generator that is %s', async (_, items) => {
    expect(await itemsOf(items.addLimit(3))).toEqual([1, 2, 3])
  })

  it('lets the generator run its finally block, and asks for no item more than it wants', async () => {
    const log: string[] = []
    await itemsOf(resource({ name: 'items' }, () => endless(log)).addLimit(2))
    expect(log).toEqual(['1', '2', 'closed'])
    log.length = 0
    await itemsOf(resource({ name: 'items' }, () => endlessLater(log)).addLimit(2))
    expect(log).toEqual(['1', '2', 'closed'])
  })

  it('of nothing does not even call the function', async () => {
    let calls = 0
    const items = resource({ name: 'items' }, () => {
      calls++
      return [1]
    })
    expect(await itemsOf(items.addLimit(0))).toEqual([])
    expect(await itemsOf(items.parallelize().addLimit(0))).toEqual([])
    expect(calls).toBe(0)
  })

  it('closes generators within the generator, too', async () => {
    const log: string[] = []
    function* outer(): Generator<Generator<number>> {
      try {
        yield endless(log)
      } finally {
        log.push('outer closed')
      }
    }
    expect(await itemsOf(resource({ name: 'items' }, outer).addLimit(2))).toEqual([1, 2])
    expect(log).toEqual(['1', '2', 'closed', 'outer closed'])
  })

  it('counts items that a filter lets pass, and those that a yield map makes', async () => {
    const items = resource({ name: 'items' }, () => endless([]))
    expect(await itemsOf(items.addFilter((item) => item % 2 === 0).addLimit(2))).toEqual([2, 4])
    expect(await itemsOf(items.addYieldMap((item) => [item, -item]).addLimit(3))).toEqual([1, -1, 2])
    const pages = resource({ name: 'items' }, () => [[1, 2], [3]])
    expect(await itemsOf(pages.addYieldMap((item) => [item, -item]).addLimit(3))).toEqual([1, -1, 2])
  })

  it('fails where closing the generator fails', async () => {
    const items = resource({ name: 'items' }, function* () {
      try {
        yield 1
        yield 2
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is what is tested
        throw new Error('closing failed')
      }
    })
    await expect(itemsOf(items.addLimit(1))).rejects.toThrow('closing failed')
  })
})

function* endless(log: string[]): Generator<number> {
  try {
    for (let number = 1; ; number++) {
      log.push(`${number}`)
      yield number
    }
  } finally {
    log.push('closed')
  }
}

async function* endlessLater(log: string[]): AsyncGenerator<number> {
  for (const number of endless(log)) {
    await Promise.resolve()
    yield number
  }
}

describe('an incremental', () => {
  interface Row {
    readonly id: number
    readonly at: number
  }

  const row = (id: number, at: number): Row => ({ id, at })
  const step = (options: { readonly rowOrder?: 'asc' | 'desc' } = {}): PipeStep => ({
    kind: 'incremental',
    options: { cursorPath: 'at', ...options },
  })

  function open(more: object = {}, last?: number): IncrementalRun {
    return openIncremental(
      { cursorPath: 'at', ...more },
      {
        stored:
          last === undefined
            ? undefined
            : { initial_value: null, last_value: last, unique_hashes: [], start_value: null },
        resource: 'items',
        resourcePrimaryKey: 'id',
        warn: () => undefined,
      },
    )
  }

  const incremental = (data: () => object, options: { readonly rowOrder?: 'asc' | 'desc' } = {}): Resource =>
    new Resource({ name: 'items' }, { kind: 'items', data }, [step(options)])

  const rows = [row(1, 1), row(2, 5), row(3, 5), row(4, 7), row(5, 7)]

  it.each([
    ['single items', () => rows],
    ['pages', () => [rows.slice(0, 2), rows.slice(2)]],
  ])('lets new ones of %s pass, and knows where it was', async (_, data) => {
    const run = open({}, 5)
    const items = await itemsOf(incremental(data), { runs: { items: { incremental: run } } })
    expect(items).toEqual(rows.slice(1))
    expect(run.result()).toMatchObject({ last_value: 7, start_value: 5 })
    expect(run.result()?.unique_hashes).toHaveLength(2)
  })

  it('closes the generator after the item that is out of range, where items are in order', async () => {
    const log: string[] = []
    const data = () => endless(log).map((number) => row(number, number))
    const run = open({ initialValue: 0, endValue: 3, rowOrder: 'asc' })
    const items = await itemsOf(incremental(data, { rowOrder: 'asc' }), { runs: { items: { incremental: run } } })
    expect(items).toEqual([row(1, 1), row(2, 2)])
    expect(log).toEqual(['1', '2', '3', 'closed'])
  })

  it('closes the generator after the page with an item that is out of range', async () => {
    const log: string[] = []
    function* pages(): Generator<readonly Row[]> {
      try {
        for (const start of [9, 6, 3]) {
          log.push(`${start}`)
          yield [row(1, start), row(2, start - 1), row(3, start + 1)]
        }
      } finally {
        log.push('closed')
      }
    }
    const run = open({ rowOrder: 'desc' }, 6)
    const items = await itemsOf(incremental(pages, { rowOrder: 'desc' }), { runs: { items: { incremental: run } } })
    expect(items).toEqual([row(1, 9), row(2, 8), row(3, 10), row(1, 6), row(3, 7)])
    expect(log).toEqual(['9', '6', 'closed'])
  })

  it('does not move past items that a limit keeps out', async () => {
    const run = open()
    const items = resource({ name: 'items' }, () => [[1], [2], [3]].values()).addYieldMap((number) => [
      row(number, number),
      row(number + 10, number),
    ])
    const limited = new Resource(items.options, items.content, [
      ...items.steps,
      step(),
      { kind: 'limit', maxItems: 3, countRows: false },
    ])
    expect(await itemsOf(limited, { runs: { items: { incremental: run } } })).toEqual([
      row(1, 1),
      row(11, 1),
      row(2, 2),
    ])
    expect(run.result()).toMatchObject({ last_value: 2 })
  })

  it('ends pages for items that come one by one, too', async () => {
    let pages = 0
    const run: IncrementalRun = {
      view: open().view,
      admit: () => true,
      endPage: () => {
        pages++
      },
      canClose: false,
      result: () => undefined,
    }
    await itemsOf(
      incremental(() => numbers(2500)),
      { runs: { items: { incremental: run } } },
    )
    expect(pages).toBe(3)
  })

  it('that was not opened is refused', async () => {
    const error = await thrown(itemsOf(incremental(() => rows)))
    expect(DltError.is(error) && error.message).toBe('Resource "items" is incremental, but its cursor was not opened.')
  })
})

describe('marks', () => {
  const mark = { kind: 'table_name', tableName: 't' }

  it('stay with what steps make of an item, and steps do not see them', async () => {
    const items = resource({ name: 'items' }, () => [withTableName(1, 't'), 2, withTableName(3, 't')])
    const seen: unknown[] = []
    const stepped = new Resource(items.options, items.content, [
      { kind: 'map', apply: (item) => seen.push(item) && Number(item) * 10 },
      { kind: 'map', apply: async (item) => item },
      { kind: 'filter', keep: (item) => item !== 20 },
      { kind: 'yield_map', expand: (item) => [item, -Number(item)] },
    ])
    expect(await itemsOf(stepped)).toEqual([
      { item: 10, mark },
      { item: -10, mark },
      { item: 30, mark },
      { item: -30, mark },
    ])
    expect(seen).toEqual([1, 2, 3])
  })

  it('of a page are those of its items, and no mark of the page goes on after it', async () => {
    const items = resource({ name: 'items' }, () => [withTableName([1, 2], 't'), 3, [withTableName(4, 't'), 5]])
    expect(await itemsOf(items)).toEqual([{ item: 1, mark }, { item: 2, mark }, 3, { item: 4, mark }, 5])
  })

  it('may be given by steps', async () => {
    const items = resource({ name: 'items' }, () => [1, 2])
    const marked = new Resource(items.options, items.content, [
      { kind: 'map', apply: (item) => (item === 1 ? withTableName(item, 't') : item) },
      { kind: 'map', apply: (item) => Number(item) + 1 },
    ])
    expect(await itemsOf(marked)).toEqual([{ item: 2, mark }, 3])
  })

  it('of steps belong to what they make of one item, and not to the next', async () => {
    const pages = resource({ name: 'items' }, () => [[1, 2, 3], withTableName([4, 5], 'outer')])
    const odd = (item: unknown): unknown => (Number(item) % 2 === 1 ? withTableName(item, 't') : item)
    const outer = { kind: 'table_name', tableName: 'outer' }
    const expected = [{ item: 1, mark }, 2, { item: 3, mark }, { item: 4, mark: outer }]
    for (const late of [false, true]) {
      const apply = (item: unknown): unknown => (late ? Promise.resolve(odd(item)) : odd(item))
      const mapped = new Resource(pages.options, pages.content, [{ kind: 'map', apply }])
      expect((await itemsOf(mapped)).slice(0, 4)).toEqual(expected)
      const split = new Resource(pages.options, pages.content, [
        { kind: 'yield_map', expand: (item) => (late ? Promise.resolve([odd(item)]) : [odd(item)]) },
      ])
      expect((await itemsOf(split)).slice(0, 4)).toEqual(expected)
    }
  })

  it('of an item win over those of its page, and those of steps over both', async () => {
    const items = resource({ name: 'items' }, () => [withTableName([withTableName(1, 't'), 2], 'page')])
    const page = { kind: 'table_name', tableName: 'page' }
    expect(await itemsOf(items)).toEqual([
      { item: 1, mark },
      { item: 2, mark: page },
    ])
    const stepped = new Resource(items.options, items.content, [
      { kind: 'map', apply: (item) => (item === 1 ? withTableName(item, 'step') : item) },
    ])
    expect(await itemsOf(stepped)).toEqual([
      { item: 1, mark: { kind: 'table_name', tableName: 'step' } },
      { item: 2, mark: page },
    ])
  })

  it('that change the hints of a resource come with the first item of a page', async () => {
    const hints = { primaryKey: 'id' }
    const items = resource({ name: 'items' }, () => [withHints([1, 2], hints), withHints([3], hints)])
    const changed = { kind: 'hints', hints, createTableVariant: false }
    expect(await itemsOf(items)).toEqual([{ item: 1, mark: changed }, 2, { item: 3, mark: changed }])
  })

  it('an empty table passes all steps', async () => {
    const items = resource({ name: 'items' }, () => [materializeTable(), withTableName(materializeTable(), 't')])
    const stepped = new Resource(items.options, items.content, [
      { kind: 'filter', keep: () => false },
      { kind: 'limit', maxItems: 1, countRows: false },
    ])
    expect(await itemsOf(stepped)).toEqual([materializeTable(), { item: materializeTable(), mark }])
  })

  it('a page without items is told to the end; one whose items steps let not pass is not', async () => {
    const pages = resource({ name: 'items' }, () => [[], [1], [2]])
    const filtered = pages.addFilter((item) => item === 2).addYieldMap((item) => [item])
    const { collectors } = await readResources([filtered])
    expect(collectors['items']?.items).toEqual([2])
    expect(collectors['items']?.emptyPages).toBe(1)
  })
})

describe('reading', () => {
  it('waits each time the receiver is full', async () => {
    const { collectors } = await readResources([resource({ name: 'items' }, [[1, 2, 3], 4, 5])], { room: 2 })
    expect(collectors['items']?.items).toEqual([1, 2, 3, 4, 5])
    expect(collectors['items']?.drains).toBe(2)
    expect(collectors['items']?.isFinished).toBe(true)
  })
})
