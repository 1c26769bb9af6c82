import { DltError } from '@dlt/schema'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import { Resource } from '../../src/declare/resource.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import { readPipes } from '../../src/pipe/read-pipes.ts'
import { readResources, testRun, thrown, wait } from './read-resources.ts'

const remedy = 'Nothing of this run was stored; run again when the cause is removed.'
const rejections: unknown[] = []
const note = (reason: unknown): void => {
  rejections.push(reason)
}

beforeEach(() => {
  rejections.length = 0
  process.on('unhandledRejection', note)
})

// No promise may be left behind whose rejection nobody handles.
afterEach(async () => {
  await wait(5)
  process.off('unhandledRejection', note)
  expect(rejections).toEqual([])
})

async function failure(resources: readonly Resource[], options: object = {}): Promise<DltError> {
  const error = await thrown(readResources(resources, options))
  if (DltError.is(error)) return error
  throw error
}

const message = async (resource: Resource): Promise<string> => (await failure([resource])).message

function fail(): never {
  throw new TypeError('the API is gone')
}

const rejected = (number: number): Promise<never> => Promise.reject(new RangeError(`rejected ${number}`))

/** A generator that notes when it is closed. */
function* endless(log: string[], name = 'endless'): Generator<number> {
  try {
    for (let number = 1; ; number++) yield number
  } finally {
    log.push(`${name} closed`)
  }
}

async function* endlessLater(log: string[], name = 'endless later'): AsyncGenerator<number> {
  try {
    for (let number = 1; ; number++) {
      await wait(1)
      yield number
    }
  } finally {
    await wait(1)
    log.push(`${name} closed`)
  }
}

describe('an error names resource, step and place', () => {
  it.each<[string, object, string]>([
    ['a function', fail, 'after 0 items'],
    ['an asynchronous function', async () => fail(), 'after 0 items'],
    [
      'a generator',
      function* () {
        yield 1
        yield 2
        fail()
      },
      'after 2 items',
    ],
    [
      'a generator of pages',
      function* () {
        yield [1, 2]
        yield [3]
        fail()
      },
      'after 3 items in 2 pages',
    ],
    [
      'an asynchronous generator',
      async function* () {
        yield 1
        await Promise.resolve()
        fail()
      },
      'after 1 item',
    ],
    ['a promise that is yielded', () => [1, Promise.reject(new TypeError('the API is gone'))].values(), 'after 1 item'],
    ['a generator within', () => [1, [2].values().map(fail)].values(), 'after 1 item'],
  ])('%s', async (_, data, place) => {
    expect(await message(resource({ name: 'items' }, data))).toBe(
      `Resource "items" failed ${place}: TypeError: the API is gone. ${remedy}`,
    )
  })

  const pages = resource({ name: 'items' }, () => [
    [1, 2],
    [3, 4],
  ])
  const single = resource({ name: 'items' }, () => [1, 2, 3])
  const failAt = (item: number) => (value: unknown) => (value === item ? fail() : value)
  const failLaterAt = (item: number) => async (value: unknown) => (value === item ? fail() : value)

  it.each<[string, Resource, string]>([
    ['a map', single.addMap((item) => item).addMap(failAt(2)), 'in map 2 at item 2'],
    ['a map of pages', pages.addMap(failAt(4)), 'in map 1 at item 2 of page 2'],
    ['an asynchronous map', pages.addMap(failLaterAt(3)), 'in map 1 at item 1 of page 2'],
    [
      'a function with a name',
      single.addMap(function toUser(item) {
        return item === 3 ? fail() : item
      }),
      'in map 1 (toUser) at item 3',
    ],
    ['a filter', single.addMap((item) => item).addFilter(failAt(1)), 'in filter 1 at item 1'],
    ['an asynchronous filter', single.addFilter(failLaterAt(1)), 'in filter 1 at item 1'],
    ['a yield map', single.addYieldMap((item) => [item, failAt(2)(item)]), 'in yield_map 1 at item 2'],
    [
      'a generator of a yield map',
      single.addYieldMap(function* split(item) {
        yield item
        yield failAt(2)(item)
      }),
      'in yield_map 1 (split) at item 2',
    ],
    ['an asynchronous yield map', single.addYieldMap(async (item) => [failAt(2)(item)]), 'in yield_map 1 at item 2'],
    ['metrics', single.addMetrics(fail), 'in metrics 1 (fail) at item 1'],
    ['a step after a yield map', single.addYieldMap((item) => [item]).addMap(failAt(2)), 'in map 1 at item 2'],
  ])('%s', async (_, failing, place) => {
    const error = await failure([failing])
    expect(error.message).toBe(`Resource "items" failed ${place}: TypeError: the API is gone. ${remedy}`)
    expect([error.code, error.context, error.cause]).toEqual(['DATA', { resource: 'items' }, expect.any(TypeError)])
  })

  it('a check of items, whose own words are kept', async () => {
    const validator = {
      validate: () => {
        throw new DltError('"name" is no text. Correct it.', { code: 'DATA', context: { path: 'name' } })
      },
    }
    const checked = new Resource(pages.options, pages.content, [{ kind: 'validate', validator }])
    const error = await failure([checked])
    expect(error.message).toBe('Resource "items", validate 1, item 1 of page 1: "name" is no text. Correct it.')
    expect(error.context).toEqual({ path: 'name', resource: 'items' })
  })

  const parent = resource({ name: 'parent' }, () => [[1, 2], [3]])

  it.each<[string, (item: unknown) => unknown, string]>([
    ['a transformer', failAt(2), 'in its function (failing) at item 2 of page 1 of "parent"'],
    ['an asynchronous transformer', failLaterAt(2), 'in its function (failing) at item 2 of page 1 of "parent"'],
    [
      'a generator of a transformer',
      function* (item) {
        yield item
        yield failAt(3)(item)
      },
      'in its function (failing) at item 1 of page 2 of "parent"',
    ],
  ])('%s, whether one after another or several at once', async (_, transform, place) => {
    const failing = Object.defineProperty(transform, 'name', { value: 'failing' })
    for (const concurrency of [1, 2]) {
      const child = transformer({ name: 'child', dataFrom: parent, concurrency }, failing)
      expect((await failure([parent, child])).message).toBe(
        `Resource "child" failed ${place}: TypeError: the API is gone. ${remedy}`,
      )
    }
  })

  it('a transformer of several parents, and the parent', async () => {
    const other = resource({ name: 'other' }, () => [7, 8, 9])
    for (const concurrency of [1, 3]) {
      const child = transformer({ name: 'child', dataFrom: [parent, other], concurrency }, failLaterAt(9))
      expect((await failure([parent, other, child])).message).toContain('at item 3 of "other": TypeError')
    }
  })

  it.each([
    [
      'a cursor that is missing',
      [[{ at: 1 }], [{ at: 2 }, {}]],
      'item 2 of page 2: an item has nothing at the cursor path "at".',
    ],
    ['a cursor that is null', [{ at: 1 }, { at: null }], 'item 2: the cursor "at" of an item is null.'],
    ['a cursor of another kind', [[{ at: 1 }, { at: 'x' }]], 'item 2 of page 1: the cursor "at" is a text in an item,'],
    ['a key that is missing', [[{ at: 1, id: 1 }, { at: 1 }]], 'up to item 2 of page 1: an item has no "id",'],
  ])('%s', async (_, data, place) => {
    const items = new Resource({ name: 'items' }, { kind: 'items', data }, [
      { kind: 'incremental', options: { cursorPath: 'at' } },
    ])
    const context = {
      stored: undefined,
      resource: 'items',
      resourcePrimaryKey: place.includes('"id"') ? 'id' : undefined,
      warn: () => undefined,
    }
    const incremental = openIncremental({ cursorPath: 'at' }, context)
    const error = await failure([items], { runs: { items: { incremental } } })
    expect(error.message).toContain(`Resource "items", incremental 1, ${place}`)
  })

  it('a step of a transformer', async () => {
    const child = transformer({ name: 'child', dataFrom: parent }, (item: number) => [item, item])
    expect((await failure([parent, child.addMap(failAt(3))])).message).toBe(
      `Resource "child" failed in map 1 at item 1 of page 3: TypeError: the API is gone. ${remedy}`,
    )
  })

  it('and not the resources that an error passes through', async () => {
    const child = transformer({ name: 'child', dataFrom: parent.addMap((item) => item) }, (item: number) => [item])
    const below = transformer({ name: 'below', dataFrom: child }, fail)
    expect((await failure([parent.addMap((item) => item), child, below])).context).toEqual({ resource: 'below' })
  })
})

describe('when one fails', () => {
  const failing = (after: number): Resource =>
    resource({ name: 'failing' }, async function* () {
      yield 1
      await wait(after)
      fail()
    })

  it('all generators end, those within first, and transformers do, too', async () => {
    const log: string[] = []
    const nested = resource({ name: 'nested' }, function* () {
      try {
        yield endlessLater(log, 'inner')
      } finally {
        log.push('outer closed')
      }
    })
    const parent = resource({ name: 'parent' }, () => [1])
    const child = transformer({ name: 'child', dataFrom: parent }, () => endlessLater(log, 'child'))
    const many = transformer({ name: 'many', dataFrom: parent, concurrency: 2 }, () => endlessLater(log, 'many'))
    await failure([
      resource({ name: 'sync' }, () => endless(log, 'sync')),
      resource({ name: 'async' }, () => endlessLater(log, 'async')),
      nested,
      parent,
      child,
      many,
      failing(10),
    ])
    expect(log.toSorted()).toEqual([
      'async closed',
      'child closed',
      'inner closed',
      'many closed',
      'outer closed',
      'sync closed',
    ])
  })

  it('what others throw afterwards, or while they are closed, is not heard of', async () => {
    const closing = resource({ name: 'closing' }, async function* () {
      try {
        for (;;) {
          await wait(1)
          yield 1
        }
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: that is what is tested
        throw new Error('closing failed')
      }
    })
    const late = resource({ name: 'late' }, async () => {
      await wait(12)
      throw new Error('late')
    })
    const parent = resource({ name: 'parent' }, () => [1, 2, 3])
    const rejected = transformer({ name: 'rejected', dataFrom: parent, concurrency: 3 }, async (item) => {
      await wait(12 + item)
      throw new Error('rejected late')
    })
    const error = await failure([closing, late, parent, rejected, failing(5)])
    expect(error.context).toEqual({ resource: 'failing' })
    await wait(20)
  })

  it('the first error wins where several come at once', async () => {
    const one = resource({ name: 'one' }, async () => {
      await wait(1)
      throw new Error('one')
    })
    const two = resource({ name: 'two' }, async () => {
      await wait(1)
      throw new Error('two')
    })
    expect((await failure([one, two])).context).toEqual({ resource: 'one' })
  })

  it('promises that were yielded ahead may reject; the first to do so is heard of', async () => {
    const items = resource({ name: 'items', parallelized: true }, function* () {
      yield wait(5).then(() => Promise.reject(new Error('first')))
      for (let number = 2; number < 9; number++) yield Promise.reject(new Error(`later ${number}`))
    })
    expect((await failure([items])).cause).toEqual(new Error('later 2'))
  })

  it.each<[string, () => object]>([
    ['as data', () => [wait(5), rejected(1), rejected(2)]],
    ['as page', () => [[wait(5), rejected(1), rejected(2)]]],
    ['as set', () => [new Set([wait(5), rejected(1), rejected(2)])]],
    ['as promised page', () => [Promise.resolve([wait(5), rejected(1), rejected(2)])]],
  ])('a list of promises %s may reject in any order; the first in order is heard of', async (_, data) => {
    for (const parallelized of [false, true]) {
      const error = await failure([resource({ name: 'items', parallelized }, data)])
      expect([error.context, error.cause]).toEqual([{ resource: 'items' }, expect.any(RangeError)])
    }
  })

  it.each([1, 2])('promises that a transformer returns in a list may reject, %i at once', async (concurrency) => {
    const parent = resource({ name: 'parent', selected: false }, () => [1, 2])
    const lists = transformer({ name: 'lists', dataFrom: parent, concurrency }, (item) => [
      wait(5).then(() => item),
      rejected(1),
      rejected(2),
    ])
    expect((await failure([parent, lists])).cause).toEqual(new RangeError('rejected 1'))
  })

  it('parked steps of others may reject', async () => {
    const items = resource({ name: 'items' }, () => [1])
    const left = transformer({ name: 'left', dataFrom: items }, async () => {
      await wait(3)
      throw new Error('left')
    })
    const right = transformer({ name: 'right', dataFrom: items }, () => fail())
    expect((await failure([items, left, right])).context).toEqual({ resource: 'right' })
  })

  it('what is opened only then is closed, and nothing of it goes on', async () => {
    const log: string[] = []
    const collectors: Record<string, { readonly items: readonly unknown[] }> = {}
    const late = resource({ name: 'late' }, async () => {
      await wait(10)
      return endless(log, 'late')
    })
    const page = resource({ name: 'page' }, () => [wait(10).then(() => [1, 2, 3])].values())
    const onCollectors = (all: typeof collectors): void => {
      Object.assign(collectors, all)
    }
    await failure([late, page, failing(3)], { onCollectors })
    await wait(15)
    expect([collectors['late']?.items, collectors['page']?.items]).toEqual([[], []])
  })

  it('what is being written is written before the error is thrown', async () => {
    let isWriting = false
    const sink = {
      add: () => true,
      drain: async () => {
        isWriting = true
        await wait(40)
        isWriting = false
      },
      finish: async () => undefined,
    }
    const parent = resource({ name: 'parent' }, async function* () {
      yield 1
      await wait(10)
      yield 2
    })
    for (const concurrency of [1, 2]) {
      const child = transformer({ name: 'child', dataFrom: parent, concurrency }, async (item) => item)
      const others = [parent, failing(5)].map((each) => ({ resource: each, run: testRun() }))
      await thrown(readPipes([...others, { resource: child, run: testRun(), sink }]))
      expect(isWriting).toBe(false)
    }
  })

  it('the signal of the resources is aborted, with the error as reason', async () => {
    const controller = new AbortController()
    const waiting = resource({ name: 'waiting' }, async function* ({ signal }: { readonly signal: AbortSignal }) {
      yield 1
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    })
    const error = await failure([waiting, failing(3)], { controller })
    expect(error.context).toEqual({ resource: 'failing' })
    expect(controller.signal.reason).toBe(error)
  })

  it('an iterator that failed itself is not closed, as a loop does not', async () => {
    let closings = 0
    const broken = {
      next: () => fail(),
      return: () => ({ done: true as const, value: closings++ }),
    }
    await failure([resource({ name: 'items' }, () => broken)])
    expect(closings).toBe(0)
  })

  it('sinks are not finished, and nothing is added any more', async () => {
    const collectors: Record<string, { readonly isFinished: boolean; readonly items: readonly unknown[] }> = {}
    const onCollectors = (all: typeof collectors): void => {
      Object.assign(collectors, all)
    }
    await failure([resource({ name: 'other' }, () => endlessLater([])), failing(5)], { onCollectors })
    const count = collectors['other']?.items.length
    await wait(5)
    expect(collectors['other']?.isFinished).toBe(false)
    expect(collectors['other']?.items).toHaveLength(count ?? -1)
  })
})

describe('a sink that fails', () => {
  const full = () => Promise.reject(new Error('disk full'))

  it.each([
    [
      'while it takes an item',
      { add: () => fail(), drain: full, finish: full },
      'TypeError: the API is gone',
      'in writing at item 1',
    ],
    ['while it makes room', { add: () => true, drain: full, finish: full }, 'Error: disk full', 'after 1 item'],
    ['at the end', { add: () => false, drain: full, finish: full }, 'Error: disk full', 'after 2 items'],
  ])('%s, ends the resource that it belongs to', async (_, sink, reason, place) => {
    const log: string[] = []
    const items = resource({ name: 'items' }, function* () {
      try {
        yield 1
        yield 2
      } finally {
        log.push('closed')
      }
    })
    const error = await thrown(readPipes([{ resource: items, run: testRun(), sink }]))
    expect(DltError.is(error) && error.message).toMatch(`Resource "items" failed ${place}`)
    expect(DltError.is(error) && error.message).toContain(reason)
    expect(log).toEqual(['closed'])
  })
})

describe('a signal', () => {
  it('that is aborted gives up the reading, closes all generators and throws its reason', async () => {
    const controller = new AbortController()
    const log: string[] = []
    const reading = thrown(
      readResources(
        [resource({ name: 'a' }, () => endless(log, 'a')), resource({ name: 'b' }, () => endlessLater(log, 'b'))],
        { controller, room: Number.POSITIVE_INFINITY },
      ),
    )
    await wait(5)
    const reason = new Error('stopped')
    controller.abort(reason)
    expect(await reading).toBe(reason)
    expect(log.toSorted()).toEqual(['a closed', 'b closed'])
  })

  it('that is aborted already lets nothing begin', async () => {
    const controller = new AbortController()
    controller.abort(new Error('too late'))
    let calls = 0
    const items = resource({ name: 'items' }, () => {
      calls++
      return [1]
    })
    await expect(readResources([items], { controller })).rejects.toThrow('too late')
    expect(calls).toBe(0)
  })

  it('may be aborted by the generator itself', async () => {
    const controller = new AbortController()
    const log: string[] = []
    const items = resource({ name: 'items' }, function* () {
      try {
        yield 1
        controller.abort(new Error('enough'))
        yield 2
        yield 3
      } finally {
        log.push('closed')
      }
    })
    await expect(readResources([items], { controller })).rejects.toThrow('enough')
    expect(log).toEqual(['closed'])
  })
})

describe('code that never comes back', () => {
  it('does not keep the error of another resource for ever', async () => {
    const hanging = resource({ name: 'hanging' }, async () => {
      await new Promise(() => undefined)
      return [1]
    })
    const start = performance.now()
    const broken = resource({ name: 'broken' }, async () => fail())
    expect((await failure([hanging, broken])).context).toEqual({ resource: 'broken' })
    expect(performance.now() - start).toBeGreaterThan(4000)
  }, 10_000)
})
