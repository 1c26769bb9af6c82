import { Readable } from 'node:stream'
import { tableFromArrays } from 'apache-arrow'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { withoutContext } from '../../src/extract/async-context.ts'
import { iterateItems } from '../../src/extract/iterate-items.ts'
import { type ItemReceiver, readItems } from '../../src/extract/read-items.ts'

class Collector implements ItemReceiver {
  readonly items: unknown[] = []
  drains = 0
  #waiting = 0
  readonly #room: number

  constructor(room = 2) {
    this.#room = room
  }

  add(item: unknown): boolean {
    this.items.push(item)
    this.#waiting++
    return this.#waiting >= this.#room
  }

  async drain(): Promise<void> {
    this.drains++
    this.#waiting = 0
  }
}

async function read(data: unknown): Promise<unknown[]> {
  const collector = new Collector()
  await readItems(data, collector, withoutContext)
  return collector.items
}

async function iterate(data: unknown): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of iterateItems(data)) items.push(item)
  return items
}

const a = { id: 1 }
const b = { id: 2 }
const epoch = new Date(0)
const price = new Decimal('1.10')

const kinds: readonly (readonly [string, () => unknown, readonly unknown[]])[] = [
  ['a list', () => [a, b], [a, b]],
  ['an empty list', () => [], []],
  ['a list of pages', () => [[a], [b]], [a, b]],
  ['a set', () => new Set([a, b]), [a, b]],
  ['a generator object', () => [a, b].values(), [a, b]],
  ['an iterator written by hand', () => handMade(), [1, 2]],
  ['an iterable', () => ({ [Symbol.iterator]: () => [a, b].values() }), [a, b]],
  ['an async iterable', () => ({ [Symbol.asyncIterator]: () => asyncItems() }), [a, b]],
  ['a function', () => () => [a, b], [a, b]],
  ['an async function', () => async () => [a, b], [a, b]],
  ['a generator function', () => syncItems, [a, b]],
  ['an async generator function', () => asyncItems, [a, b]],
  ['a function that returns a generator', () => () => syncItems(), [a, b]],
  ['an async function that returns an async generator', () => async () => asyncItems(), [a, b]],
  ['a promise of a list', () => Promise.resolve([a, b]), [a, b]],
  ['a generator of pages', () => [[a], [], [b]].values(), [a, b]],
  ['a generator of promises', () => [Promise.resolve(a), Promise.resolve([b])].values(), [a, b]],
  ['a page of promises', () => [[Promise.resolve(a), b]], [a, b]],
  ['a generator of generators', () => [syncItems(), asyncItems()].values(), [a, b, a, b]],
  ['nothing among items', () => [a, null, undefined, [null, b]], [a, b]],
  ['one object', () => a, [a]],
  ['a Node stream of objects', () => Readable.from([a, b]), [a, b]],
  ['one number', () => 1, [1]],
  ['one bigint', () => 1n, [1n]],
  ['one boolean', () => false, [false]],
  ['one date', () => epoch, [epoch]],
  ['one decimal', () => price, [price]],
  ['scalars', () => [1, 'text', true, 10n], [1, 'text', true, 10n]],
  ['false and zero and empty text', () => [false, 0, ''], [false, 0, '']],
  ['a function that returns text', () => () => 'text', ['text']],
]

function* syncItems(): Generator<unknown> {
  yield a
  yield b
}

async function* asyncItems(): AsyncGenerator<unknown> {
  yield a
  yield b
}

function handMade(): Iterator<number> {
  let count = 0
  return { next: () => (count++ < 2 ? { done: false, value: count } : { done: true, value: undefined }) }
}

describe('kinds of data', () => {
  it.each(kinds)('%s is read item by item', async (_, data, expected) => {
    expect(await read(data())).toEqual(expected)
  })

  it.each(kinds)('%s is iterated item by item', async (_, data, expected) => {
    expect(await iterate(data())).toEqual(expected)
  })

  it('a map, bytes and an object with a JSON form of its own are one item', async () => {
    const withForm = { [Symbol.iterator]: () => [1, 2].values(), toJSON: () => ({ id: 1 }) }
    const single = [new Map([['id', 1]]), Uint8Array.of(1, 2), new Date(0), withForm]
    for (const item of single) expect(await read([item])).toEqual([item])
    expect(await read(single[0])).toEqual([single[0]])
    expect(await read(single[1])).toEqual([single[1]])
  })

  it('a document with a key "next" or "then" is an item', async () => {
    const page: unknown = JSON.parse('{ "next": "https://example.org/2", "then": 1, "items": [1] }')
    expect(await read([page])).toEqual([page])
  })

  it('an instance of a class is an item', async () => {
    class Issue {
      readonly id = 1
    }
    const issue = new Issue()
    expect(await read([issue])).toEqual([issue])
  })

  it('an Arrow table is an iterable of rows, given as data and yielded as page', async () => {
    const table = tableFromArrays({ id: Int32Array.from([1, 2]), name: ['x', 'y'] })
    const rows = [
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ]
    expect(JSON.parse(JSON.stringify(await read(table)))).toEqual(rows)
    expect(JSON.parse(JSON.stringify(await read([table])))).toEqual(rows)
  })
})

describe('reading', () => {
  it('waits each time the receiver is full', async () => {
    const collector = new Collector(2)
    await readItems([[1, 2, 3], 4, 5], collector, withoutContext)
    expect(collector.items).toEqual([1, 2, 3, 4, 5])
    expect(collector.drains).toBe(2)
  })

  it('asks a generator for the next item only after there is room', async () => {
    const log: string[] = []
    const receiver: ItemReceiver = {
      add: (item) => log.push(`add ${item}`) > 0,
      drain: async () => {
        await new Promise((resume) => setTimeout(resume, 1))
        log.push('drained')
      },
    }
    function* numbers(): Generator<number> {
      for (const number of [1, 2]) {
        log.push(`yield ${number}`)
        yield number
      }
    }
    await readItems(numbers, receiver, withoutContext)
    expect(log).toEqual(['yield 1', 'add 1', 'drained', 'yield 2', 'add 2', 'drained'])
  })

  it('closes a generator and the generators inside of it when an item is refused', async () => {
    const closed: string[] = []
    function* inner(): Generator<number> {
      try {
        yield 1
        yield 2
      } finally {
        closed.push('inner')
      }
    }
    async function* outer(): AsyncGenerator<unknown> {
      try {
        yield inner()
      } finally {
        closed.push('outer')
      }
    }
    const receiver: ItemReceiver = {
      add: () => {
        throw new Error('refused')
      },
      drain: async () => undefined,
    }
    await expect(readItems(outer, receiver, withoutContext)).rejects.toThrow('refused')
    expect(closed).toEqual(['inner', 'outer'])
  })

  it('does not close an iterator that failed itself, as a loop does not', async () => {
    let closings = 0
    const failing = {
      next: () => {
        throw new Error('gone')
      },
      return: () => ({ done: true as const, value: closings++ }),
    }
    await expect(read(() => failing)).rejects.toThrow('gone')
    await expect(iterate(() => ({ ...failing }))).rejects.toThrow('gone')
    expect(closings).toBe(0)
  })

  it('reports the first error where closing fails too', async () => {
    const data = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          throw new Error('closing failed')
        },
      }),
    }
    const receiver: ItemReceiver = {
      add: () => {
        throw new Error('refused')
      },
      drain: async () => undefined,
    }
    await expect(readItems(data, receiver, withoutContext)).rejects.toThrow('refused')
  })

  it('runs user code inside of the context: functions, and every step of a generator', async () => {
    let depth = 0
    const depths: number[] = []
    const inContext = <Result>(run: () => Result): Result => {
      depth++
      try {
        return run()
      } finally {
        depth--
      }
    }
    function* numbers(): Generator<number> {
      try {
        depths.push(depth)
        yield 1
        depths.push(depth)
      } finally {
        depths.push(depth)
      }
    }
    await readItems(numbers, new Collector(), inContext)
    expect(depths).toEqual([1, 1, 1])
  })

  it('refuses an iterator that was read before', async () => {
    const items = syncItems()
    expect(await read(items)).toEqual([a, b])
    await expect(read(items)).rejects.toThrow(
      'The iterator was read before and has no more items. Pass the (generator) function instead of what it returned: it is called again each time.',
    )
  })

  it('refuses a function that returns nothing', async () => {
    await expect(read(() => undefined)).rejects.toThrow(
      'The function returned no data. Return a list or an iterable, or make it a generator that yields items; return [] when there is nothing to load.',
    )
  })
})

describe('iterating', () => {
  it('closes the generator when the reader stops early', async () => {
    const closed: string[] = []
    function* numbers(): Generator<number> {
      try {
        for (let number = 0; ; number++) yield number
      } finally {
        closed.push('numbers')
      }
    }
    const seen: unknown[] = []
    for await (const number of iterateItems(() => [numbers()])) {
      seen.push(number)
      if (seen.length === 3) break
    }
    expect(seen).toEqual([0, 1, 2])
    expect(closed).toEqual(['numbers'])
  })
})
