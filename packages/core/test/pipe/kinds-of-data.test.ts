import { Readable } from 'node:stream'
import { tableFromArrays } from 'apache-arrow'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { iteratePipes } from '../../src/pipe/iterate-pipes.ts'
import { itemsOf, testRun } from './read-resources.ts'

const a = { id: 1 }
const b = { id: 2 }
const epoch = new Date(0)
const price = new Decimal('1.10')

async function read(data: object | number | bigint | boolean): Promise<readonly unknown[]> {
  return itemsOf(resource({ name: 'items' }, data), { room: 2 })
}

async function iterate(data: object | number | bigint | boolean): Promise<readonly unknown[]> {
  const items: unknown[] = []
  const inputs = [{ resource: resource({ name: 'items' }, data), run: testRun(), isSelected: true }]
  for await (const item of iteratePipes(inputs)) items.push(item)
  return items
}

const kinds: readonly (readonly [string, () => object | number | bigint | boolean, readonly unknown[]])[] = [
  ['a list', () => [a, b], [a, b]],
  ['an empty list', () => [], []],
  ['a list of pages', () => [[a], [b]], [a, b]],
  ['a set', () => new Set([a, b]), [a, b]],
  ['a generator object', () => [a, b].values(), [a, b]],
  ['an iterator written by hand', () => handMade(), [1, 2]],
  ['an async iterator written by hand', () => asyncHandMade(), [1, 2]],
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
  ['a set of promises as page', () => [new Set([Promise.resolve(a), b])], [a, b]],
  ['a generator of generators', () => [syncItems(), asyncItems()].values(), [a, b, a, b]],
  ['an async iterable as item', () => [{ [Symbol.asyncIterator]: () => asyncItems() }], [a, b]],
  ['nothing among items', () => [a, null, undefined, [null, b, undefined]], [a, b]],
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

function asyncHandMade(): AsyncIterator<number> {
  const items = handMade()
  return { next: async () => items.next() }
}

describe('kinds of data', () => {
  it.each(kinds)('%s is read item by item', async (_, data, expected) => {
    expect(await read(data())).toEqual(expected)
  })

  it.each(kinds)('%s is iterated item by item', async (_, data, expected) => {
    expect(await iterate(data())).toEqual(expected)
  })

  it.each(kinds)('%s is read item by item in a parallelized resource', async (_, data, expected) => {
    expect(await itemsOf(resource({ name: 'items', parallelized: true }, data()), { room: 2 })).toEqual(expected)
  })

  it('a map, bytes and an object with a JSON form of its own are one item', async () => {
    const withForm = { [Symbol.iterator]: () => [1, 2].values(), toJSON: () => ({ id: 1 }) }
    for (const item of [new Map([['id', 1]]), Uint8Array.of(1, 2), new Date(0), withForm]) {
      expect(await read([item])).toEqual([item])
      expect(await read([[item]])).toEqual([item])
    }
    expect(await read(new Map([['id', 1]]))).toEqual([new Map([['id', 1]])])
    expect(await read(Uint8Array.of(1, 2))).toEqual([Uint8Array.of(1, 2)])
  })

  it('a list within a page is an item', async () => {
    expect(await read([[[1, 2], [3]]])).toEqual([[1, 2], [3]])
  })

  it('a document with a key "next" or "then" is an item', async () => {
    const page: object = JSON.parse('{ "next": "https://example.org/2", "then": 1, "items": [1] }')
    expect(await read([page])).toEqual([page])
  })

  it('an instance of a class and an object without prototype are items', async () => {
    class Issue {
      readonly id = 1
    }
    const bare: object = Object.assign(Object.create(null), { id: 2 })
    const items = [new Issue(), bare]
    expect(await read(items)).toEqual(items)
    expect(await read([items])).toEqual(items)
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

  it('a function is called with the context of its resource', async () => {
    const items = resource({ name: 'items' }, function* (context: { readonly config: unknown }) {
      yield context.config
    })
    const context = { ...testRun().context, config: { org: 'duckdb' } }
    expect(await itemsOf(items, { runs: { items: { context } } })).toEqual([{ org: 'duckdb' }])
  })

  it('an iterator that was read before is refused', async () => {
    const items = syncItems()
    expect(await read(items)).toEqual([a, b])
    await expect(read(items)).rejects.toThrow(
      'Resource "items": The iterator was read before and has no more items. Pass the (generator) function instead of what it returned: it is called again each time.',
    )
  })

  it('a function that returns nothing is refused', async () => {
    await expect(read(() => undefined)).rejects.toThrow(
      'Resource "items": The function returned no data. Return a list or an iterable, or make it a generator that yields items; return [] when there is nothing to load.',
    )
  })
})
