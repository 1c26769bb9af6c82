import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { withTableName } from '../../src/hints/item-marks.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import { itemsOf, readResources, testRun, thrown, wait } from './read-resources.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const parent = resource({ name: 'parent' }, () => [[1, 2], 3, [4]])

/** Counts what is under way at the same time. */
class Gauge {
  running = 0
  most = 0

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.running++
    this.most = Math.max(this.most, this.running)
    try {
      return await work()
    } finally {
      this.running--
    }
  }
}

describe('a transformer', () => {
  const forms: readonly (readonly [string, (item: number) => unknown, readonly unknown[]])[] = [
    ['returns an item', (item) => ({ id: item }), [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]],
    ['returns a page', (item) => [item, -item], [1, -1, 2, -2, 3, -3, 4, -4]],
    ['returns nothing for some', (item) => (item > 2 ? item : undefined), [3, 4]],
    ['returns a promise of an item', async (item) => item * 2, [2, 4, 6, 8]],
    ['returns a promise of a page', async (item) => [item, item], [1, 1, 2, 2, 3, 3, 4, 4]],
    ['yields items', (item) => [item, item + 10].values(), [1, 11, 2, 12, 3, 13, 4, 14]],
    ['yields pages and promises', (item) => [[item], Promise.resolve(-item)].values(), [1, -1, 2, -2, 3, -3, 4, -4]],
    ['yields asynchronously', (item) => later([item, [-item]]), [1, -1, 2, -2, 3, -3, 4, -4]],
  ]

  async function* later(values: readonly unknown[]): AsyncGenerator<unknown> {
    for (const value of values) {
      await wait(1)
      yield value
    }
  }

  describe.each(forms)('that %s', (_, transform, expected) => {
    it.each([1, 3, 20])('gets every item, %i at once', async (concurrency) => {
      const child = transformer({ name: 'child', dataFrom: parent, concurrency }, transform)
      const { items } = await readResources([parent, child])
      expect(items).toEqual({ parent: [1, 2, 3, 4], child: expected })
    })

    it('gets every item in any order', async () => {
      const child = transformer({ name: 'child', dataFrom: parent, concurrency: 3, ordered: false }, transform)
      const { items } = await readResources([parent.select(false), child])
      expect(new Set(items['child'])).toEqual(new Set(expected))
      expect(items['child']).toHaveLength(expected.length)
    })
  })

  it('has steps of its own', async () => {
    const child = transformer({ name: 'child', dataFrom: parent }, (item: number) => [item, item * 10])
    const { items } = await readResources([parent.select(false), child.addFilter((item) => item > 9).addMap(String)])
    expect(items).toEqual({ child: ['10', '20', '30', '40'] })
  })

  it('sees items after the steps of its parent', async () => {
    const even = parent.addFilter((item) => item % 2 === 0).addMap((item) => item + 0.5)
    const { items } = await readResources([even, transformer({ name: 'child', dataFrom: even }, (item) => [item])])
    expect(items).toEqual({ parent: [2.5, 4.5], child: [2.5, 4.5] })
  })

  it('does not see marks, and its items have none', async () => {
    const marked = resource({ name: 'parent' }, () => [withTableName({ id: 1 }, 't')])
    const child = transformer({ name: 'child' }, (item: unknown) => [item])
    const { items } = await readResources([marked, marked.pipe(child)])
    expect(items['child']).toEqual([{ id: 1 }])
  })

  it('finds its parent by name: the one that is read', async () => {
    const child = transformer({ name: 'child', dataFrom: parent }, (item) => [item])
    const { items } = await readResources([parent.addLimit(1), child])
    expect(items).toEqual({ parent: [1, 2], child: [1, 2] })
  })

  it('is called with its own context', async () => {
    const child = transformer({ name: 'child', dataFrom: parent }, (item, { config }) => [{ item, config }])
    const context = { ...testRun().context, config: { org: 'duckdb' } }
    const { items } = await readResources([parent.addLimit(1), child], { runs: { child: { context } } })
    expect(items['child']).toEqual([
      { item: 1, config: { org: 'duckdb' } },
      { item: 2, config: { org: 'duckdb' } },
    ])
  })

  it('with an incremental takes all items of its parents, whatever their order', async () => {
    const options = { cursorPath: 'at', rowOrder: 'desc' } as const
    const child = transformer({ name: 'child', dataFrom: parent, incremental: options }, (at: number) => [{ at }])
    const stored = { initial_value: null, last_value: 2, unique_hashes: [], start_value: null }
    const incremental = openIncremental(options, { stored, resource: 'child', warn: () => undefined })
    const { items } = await readResources([parent, child], { runs: { child: { incremental } } })
    expect(incremental.canClose).toBe(true)
    expect(items).toEqual({ parent: [1, 2, 3, 4], child: [{ at: 2 }, { at: 3 }, { at: 4 }] })
  })

  it('without its parent is refused', async () => {
    const error = await thrown(readResources([transformer({ name: 'child', dataFrom: parent }, (item) => [item])]))
    expect(DltError.is(error) && [error.code, error.message]).toEqual([
      'CONFIGURATION',
      'The transformer "child" takes items of "parent", which is not read. Add the resource "parent" to the source.',
    ])
  })
})

describe('forks', () => {
  it('read a parent once, however many transformers and levels there are', async () => {
    let reads = 0
    const root = resource({ name: 'root' }, function* () {
      reads++
      yield* numbers(5)
    })
    const left = transformer({ name: 'left', dataFrom: root }, (item) => [item, item])
    const right = transformer({ name: 'right', dataFrom: root, concurrency: 2 }, async (item) => -item)
    const below = transformer({ name: 'below', dataFrom: left }, (item) => item * 10)
    const { items } = await readResources([below, right, root.select(false), left])
    expect(items).toEqual({
      left: [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
      right: [-1, -2, -3, -4, -5],
      below: [10, 10, 20, 20, 30, 30, 40, 40, 50, 50],
    })
    expect(reads).toBe(1)
  })

  it('bring items of several parents to one transformer, each parent in its order', async () => {
    const sync = resource({ name: 'sync' }, () => numbers(30))
    const pages = resource({ name: 'pages' }, () => [numbers(20).map((id) => id + 100), [121]])
    const slow = resource({ name: 'slow' }, async function* () {
      for (const number of numbers(10)) {
        await wait(1)
        yield number + 1000
      }
    })
    const child = transformer({ name: 'child', dataFrom: [sync, pages, slow] }, async (item) => {
      await wait(item % 2)
      return item
    })
    const { items, collectors } = await readResources([sync, pages, slow, child])
    const got = items['child'] ?? []
    expect(got.filter((item) => Number(item) < 100)).toEqual(numbers(30))
    expect(got.filter((item) => Number(item) > 100 && Number(item) < 200)).toEqual(numbers(21).map((id) => id + 100))
    expect(got.filter((item) => Number(item) > 1000)).toEqual(numbers(10).map((id) => id + 1000))
    expect(got).toHaveLength(61)
    expect(collectors['child']?.isFinished).toBe(true)
  })

  it('meet again: one resource over two transformers into one', async () => {
    const root = resource({ name: 'root' }, () => [numbers(6)])
    const left = transformer({ name: 'left', dataFrom: root }, async (item) => item)
    const right = transformer({ name: 'right', dataFrom: root }, (item) => [item * 10, item * 100])
    const both = transformer({ name: 'both', dataFrom: [left, right] }, async (item: number) => [item])
    const { items } = await readResources([root, left, right, both])
    const got = items['both'] ?? []
    expect(got.filter((item) => Number(item) < 10)).toEqual(numbers(6))
    expect(got.filter((item) => Number(item) >= 10)).toEqual(numbers(6).flatMap((id) => [id * 10, id * 100]))
  })
})

describe('items at once', () => {
  async function mostAtOnce(concurrency: number, count: number, ordered: boolean): Promise<number> {
    const gauge = new Gauge()
    const child = transformer(
      { name: 'child', dataFrom: resource({ name: 'parent' }, () => numbers(count)), concurrency, ordered },
      (item) =>
        gauge.during(async () => {
          await wait(2)
          return item
        }),
    )
    const { items } = await readResources([child, child.content.kind === 'transformer' ? parentOf(child) : child])
    expect(items['child']).toHaveLength(count)
    return gauge.most
  }

  const parentOf = (child: Resource): Resource => {
    const [first] = child.content.kind === 'transformer' ? child.content.parents : []
    if (first === undefined) throw new RangeError('There is no parent.')
    return first.select(false)
  }

  it.each([1, 2, 7])('are as many as concurrency says: %i', async (concurrency) => {
    expect(await mostAtOnce(concurrency, 20, true)).toBe(concurrency)
    expect(await mostAtOnce(concurrency, 20, false)).toBe(concurrency)
  })

  it('keep the order where the first are slow, and work on meanwhile up to twice as many', async () => {
    const log: string[] = []
    const items = resource({ name: 'parent', selected: false }, () => numbers(12))
    const child = transformer({ name: 'child', dataFrom: items, concurrency: 3 }, async (item) => {
      log.push(`begin ${item}`)
      if (item === 1) await wait(30)
      return item
    })
    const outcome = await readResources([items, child.addMap((item) => log.push(`end ${item}`) && item)])
    expect(outcome.items['child']).toEqual(numbers(12))
    expect(log.indexOf('end 1')).toBe(6)
    expect(log.slice(0, 6)).toEqual(numbers(6).map((item) => `begin ${item}`))
  })

  it('overtake each other where order does not matter', async () => {
    const items = resource({ name: 'parent', selected: false }, () => [30, 1, 1, 1])
    const child = transformer({ name: 'child', dataFrom: items, concurrency: 4, ordered: false }, async (time) => {
      await wait(time)
      return time
    })
    expect((await readResources([items, child])).items['child']).toEqual([1, 1, 1, 30])
  })

  it('ask the parent for no more items than there is room for', async () => {
    let asked = 0
    const items = resource({ name: 'parent', selected: false }, function* () {
      for (; asked < 50; ) yield ++asked
    })
    let most = 0
    let done = 0
    const child = transformer({ name: 'child', dataFrom: items, concurrency: 2 }, async (item) => {
      most = Math.max(most, asked - done)
      await wait(1)
      done++
      return item
    })
    await readResources([items, child])
    expect(most).toBe(2)
  })

  it('wait for a slow transformer below', async () => {
    let made = 0
    let taken = 0
    let ahead = 0
    const items = resource({ name: 'parent', selected: false }, () => numbers(60))
    const middle = transformer({ name: 'middle', dataFrom: items, concurrency: 4 }, async (item) => {
      made++
      ahead = Math.max(ahead, made - taken)
      return item
    })
    const below = transformer({ name: 'below', dataFrom: middle }, async (item) => {
      await wait(1)
      taken++
      return item
    })
    const { items: got } = await readResources([items, middle.select(false), below])
    expect(got['below']).toEqual(numbers(60))
    expect(ahead).toBeLessThanOrEqual(10)
  })

  it('read ahead in results that are generators, within bounds', async () => {
    let given = 0
    async function* many(item: number): AsyncGenerator<number> {
      for (let index = 0; index < 100; index++) {
        given++
        yield item * 1000 + index
      }
    }
    const items = resource({ name: 'parent', selected: false }, () => numbers(4))
    const child = transformer({ name: 'child', dataFrom: items, concurrency: 2 }, many)
    let ahead = 0
    let seen = 0
    const slow = child.addMap(async (item) => {
      seen++
      ahead = Math.max(ahead, given - seen)
      if (seen % 50 === 0) await wait(1)
      return item
    })
    const { items: got } = await readResources([items, slow])
    expect(got['child']).toEqual(
      numbers(4).flatMap((item) => Array.from({ length: 100 }, (_, index) => item * 1000 + index)),
    )
    expect(ahead).toBeLessThanOrEqual(8)
  })

  it('reach the throughput of the endpoint: 20 at once over 20 ms', async () => {
    const latency = 20
    const count = 400
    const items = resource({ name: 'parent', selected: false }, () => numbers(count))
    const child = transformer({ name: 'child', dataFrom: items, concurrency: 20 }, async (item) => {
      await wait(latency)
      return { id: item }
    })
    // Timers are late, and others use the processor: what is ideal is measured by the same timers, and the best of some tries counts.
    let [ideal, took] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let attempt = 0; attempt < 8 && took >= ideal / 0.9; attempt++) {
      const begin = performance.now()
      for (let round = 0; round < count / 20; round++) await Promise.all(numbers(20).map(() => wait(latency)))
      const middle = performance.now()
      const { items: got } = await readResources([items, child], { room: 1000 })
      ideal = Math.min(ideal, middle - begin)
      took = Math.min(took, performance.now() - middle)
      expect(got['child']).toHaveLength(count)
    }
    expect(took).toBeLessThan(ideal / 0.9)
  }, 20_000)
})

describe('a bound for all transformers of a source', () => {
  it('holds for all of them together, also for steps of their generators, and does not lock up', async () => {
    const gauge = new Gauge()
    const work = (): Promise<void> => gauge.during(() => wait(1))
    const items = resource({ name: 'parent', selected: false }, () => numbers(10))
    const first = transformer({ name: 'first', dataFrom: items, concurrency: 5 }, async function* (item) {
      await work()
      yield item
      await work()
      yield -item
    })
    const second = transformer({ name: 'second', dataFrom: first, concurrency: 5 }, async (item) => {
      await work()
      return item
    })
    for (const maxConcurrency of [1, 3]) {
      gauge.most = 0
      const { items: got } = await readResources([items, first, second], { maxConcurrency })
      expect(got['second']).toEqual(numbers(10).flatMap((item) => [item, -item]))
      expect(gauge.most).toBe(maxConcurrency)
    }
  })

  it('holds for transformers that are synchronous, too', async () => {
    const child = transformer({ name: 'child', dataFrom: parent }, (item: number) => [item])
    const { items } = await readResources([parent.select(false), child], { maxConcurrency: 1 })
    expect(items).toEqual({ child: [1, 2, 3, 4] })
  })
})

describe('a parallelized resource', () => {
  it('works on what it yields ahead, in order, as many as may be worked on at once', async () => {
    const gauge = new Gauge()
    const items = resource({ name: 'items' }, function* () {
      for (const number of numbers(12)) {
        yield gauge.during(async () => {
          await wait(number % 3)
          return [number]
        })
      }
    })
    expect(await itemsOf(items)).toEqual(numbers(12))
    expect(gauge.most).toBe(1)
    expect(await itemsOf(items.parallelize(), { maxParallel: 4 })).toEqual(numbers(12))
    expect(gauge.most).toBe(4)
  })

  const gauged = (name: string, gauge: Gauge): Resource<number> =>
    resource({ name, parallelized: true }, function* () {
      for (const number of numbers(8)) yield gauge.during(() => wait(number % 3).then(() => number))
    })

  it('shares with others what may be under way at once', async () => {
    const gauge = new Gauge()
    const { items } = await readResources(
      ['a', 'b', 'c'].map((name) => gauged(name, gauge)),
      { maxParallel: 4 },
    )
    expect(items).toEqual({ a: numbers(8), b: numbers(8), c: numbers(8) })
    expect(gauge.most).toBe(4)
  })

  it.each([1, 2, 3])('shares the %i at once of its source with transformers', async (maxConcurrency) => {
    const gauge = new Gauge()
    const parent = gauged('parent', gauge)
    const child = transformer({ name: 'child', dataFrom: parent, concurrency: 5 }, (item) =>
      gauge.during(() => wait(1).then(() => item)),
    )
    const { items } = await readResources([parent, gauged('other', gauge), child], { maxConcurrency })
    expect(items).toEqual({ parent: numbers(8), other: numbers(8), child: numbers(8) })
    expect(gauge.most).toBe(maxConcurrency)
  })

  it('gives places back where the function fails, or a promise does', async () => {
    const first = resource({ name: 'first', parallelized: true }, () => [wait(1).then(() => 1), 2, [3]].values())
    const broken = resource({ name: 'broken', parallelized: true }, function* () {
      yield wait(1)
      throw new RangeError('canary')
    })
    const hanging = resource({ name: 'hanging', parallelized: true }, function* () {
      for (;;) yield new Promise(() => undefined)
    })
    const start = performance.now()
    const error = await thrown(readResources([first, broken, hanging], { maxParallel: 2, maxConcurrency: 2 }))
    expect(String(error)).toContain('canary')
    expect(performance.now() - start).toBeLessThan(4000)
  })

  it('does not hear of what fails ahead when a limit is reached', async () => {
    const items = resource({ name: 'items' }, function* () {
      yield Promise.resolve(1)
      for (;;) yield wait(5).then(() => Promise.reject(new Error('not wanted')))
    })
    expect(await itemsOf(items.parallelize().addLimit(1))).toEqual([1])
  })

  it('drops what it worked on ahead when a limit is reached', async () => {
    const items = resource({ name: 'items' }, function* () {
      for (let number = 1; ; number++) yield Promise.resolve(number)
    })
    expect(await itemsOf(items.parallelize().addLimit(3))).toEqual([1, 2, 3])
  })
})
