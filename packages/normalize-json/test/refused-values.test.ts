import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { createShredder, deepestNesting } from '../src/index.ts'
import { normalizeDocuments } from './harness.ts'

function refusal(document: unknown, maxNesting = 1000): DltError {
  const shredder = createShredder({ maxNesting })
  try {
    shredder.add(document)
  } catch (error) {
    if (error instanceof DltError) return error
    throw error
  }
  throw new Error('the document was taken')
}

const remedy = 'Remove it, or replace it by a plain value before the item is yielded.'

describe('values that cannot be loaded', () => {
  it.each([
    ['a function', { a: [{ run: () => 1 }] }, 'a[0].run', 'a function'],
    ['a symbol', { 'my key': Symbol('s') }, '["my key"]', 'a symbol'],
    ['a promise', { a: { b: Promise.resolve(1) } }, 'a.b', 'a promise'],
    ['a generator', { a: (function* () {})() }, 'a', 'a generator'],
    ['a weak collection', { a: new Map([['k', new WeakMap()]]) }, 'a.k', 'a weak collection'],
  ])('%s, with its path', (_name, document, path, what) => {
    const error = refusal(document)
    expect(error.message).toBe(`The item holds, at "${path}", ${what}, which cannot be loaded. ${remedy}`)
    expect([error.code, error.context]).toEqual(['DATA', { path }])
    expect(refusal(document, 0).message).toBe(error.message)
  })

  class Secret {
    readonly #value = 1
    get value(): number {
      return this.#value
    }
  }

  const empty = 'without enumerable properties of its own'
  it.each([
    ['an Error', new TypeError('x'), 'an Error', 'Yield what is needed of it'],
    ['a RegExp', /x/, 'a RegExp', 'Yield its text: String(pattern).'],
    [
      'a Response',
      new Response('{}'),
      'a Response',
      'Yield what it holds, not the Response itself: await response.json()',
    ],
    ['a Request', new Request('http://localhost'), 'a Request', 'Yield what it holds: await request.json()'],
    ['a Headers object', new Headers({ a: 'b' }), 'a Headers object', 'Yield its entries as an object'],
    ['a FormData object', new FormData(), 'a FormData object', 'Yield its entries as an object'],
    ['URLSearchParams', new URLSearchParams('a=1'), 'a URLSearchParams object', 'Yield its entries as an object'],
    ['a Blob', new Blob(['x']), 'a Blob', 'Yield its bytes'],
    ['a ReadableStream', new ReadableStream(), 'a ReadableStream', 'Read its content before the item is yielded'],
    ['a WeakRef', new WeakRef({}), `an instance of "WeakRef" ${empty}`, 'Give the class a toJSON method'],
    ['only private fields', new Secret(), `an instance of "Secret" ${empty}`, 'Give the class a toJSON method'],
  ])('%s, instead of an empty row', (_name, value, what, advice) => {
    const inList = refusal({ a: [{ b: value }] })
    expect(inList.message).toContain(`The item holds, at "a[0].b", ${what}, which cannot be loaded. ${advice}`)
    expect(inList.context).toEqual({ path: 'a[0].b' })
    expect(refusal({ a: [{ b: value }] }, 0).message).toBe(inList.message)
    expect(refusal({ a: [value] }).context).toEqual({ path: 'a[0]' })
    expect(refusal(value).message).toContain(`The item itself is ${what}, which cannot be loaded. ${advice}`)
  })

  it('a function as the item itself', () => {
    expect(refusal(() => 1).message).toBe(`The item itself is a function, which cannot be loaded. ${remedy}`)
  })
})

describe('documents that contain themselves', () => {
  function circular(): object {
    const author: Record<string, unknown> = { name: 'x' }
    author['friends'] = [author]
    return { items: [1, 2, 3, { author }] }
  }

  it('are refused with the path at which they begin anew', () => {
    const message = `The item holds, at "items[3].author.friends[0]", an object that contains itself (a circular reference), which cannot be loaded. ${remedy}`
    for (const maxNesting of [0, 3, 20, 1000]) expect(refusal(circular(), maxNesting).message).toBe(message)
  })

  it('are found when a map or an instance leads back', () => {
    const map = new Map<string, unknown>()
    map.set('again', { map })
    expect(refusal({ map }).context).toEqual({ path: 'map.again.map' })
  })

  it('are not confused with objects that occur twice', () => {
    const shared = { x: 1 }
    const rows = normalizeDocuments([{ a: shared, b: shared, l: [shared, shared] }]).rows
    expect(rows.get('tbl')?.[0]).toMatchObject({ a__x: 1n, b__x: 1n })
    expect(rows.get('tbl__l')).toHaveLength(2)
  })
})

function nest(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = wrap(value)
  return value
}

describe('deep documents', () => {
  it('become columns for 1000 levels of objects, and JSON below', () => {
    const { rows } = normalizeDocuments([nest(1003, (a) => ({ a }))])
    const [name, value] = Object.entries(rows.get('tbl')?.[0] ?? {})[0] ?? []
    expect(name).toBe(Array.from({ length: 1001 }, () => 'a').join('__'))
    expect(value).toBe('{"a":{"a":1}}')
  })

  it('become tables for as many levels of lists', () => {
    const { schema } = normalizeDocuments([nest(1003, (a) => ({ a: [a] }))], {
      capabilities: { identifiers: { maxLength: 63 }, types: testTypes },
    })
    expect([...schema.tables.keys()].filter((name) => name.startsWith('tbl'))).toHaveLength(1001)
  })

  it('are refused when their JSON is too deep to be written', () => {
    const error = refusal(nest(200_000, (a) => ({ a })))
    expect(error.code).toBe('DATA')
    expect(error.message).toBe(
      `The item is nested too deeply: what lies below "max_table_nesting", at most ${deepestNesting.toLocaleString('en')} levels, is written as JSON, and that is too deep to be written. Flatten the item before it is yielded.`,
    )
  })
})

const testTypes = {
  decimal: { precision: 38, scale: 9 },
  wei: { precision: 38, scale: 0 },
  timestamp: { precision: 6, maxPrecision: 9 },
}
