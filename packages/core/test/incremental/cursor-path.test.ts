import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCursorPath } from '../../src/incremental/cursor-path.ts'
import { readPath, standardPath } from '../../src/incremental/standard-path.ts'
import { errorOf } from './play-sequence.ts'

const item = {
  id: 1,
  a: { b: 1, 'c-d': 3, n: null },
  l: [{ b: 2 }, { b: 3, type: 'x' }],
  created_at: 4,
  'created-at': 5,
  'na.me': 6,
  'x y': 7,
  '@t': 9,
  'a/b': 11,
  ünï: 10,
  '0': 13,
}

describe('the cursor of an item', () => {
  // The values were read with the reference system's library, but for those that it refuses.
  it.each([
    ['created_at', 4],
    ['created-at', 5],
    ['a.b', 1],
    ['$.a.b', 1],
    ['@.a.b', 1],
    ['l[0].b', 2],
    ['l.[0].b', 2],
    ['$.l[*].b', 2],
    ['l[*].b', 2],
    ["'na.me'", 6],
    ['"na.me"', 6],
    ["$['na.me']", 6],
    ['["na.me"]', 6],
    ["['na.me']", 6],
    ['na.me', undefined],
    ["'x y'", 7],
    ['@t', 9],
    ['0', 13],
    ['$..b', 1],
    ['a..b', 1],
    ['$.*', 13],
    ['l[?(@.b>2)].b', 3],
    ['$.l[?(@.b > 2)].b', 3],
    ["$.l[?@.type == 'x'].b", 3],
    ['l[-1].b', 3],
    ['l[:1].b', 2],
    ["a.'c-d'", 3],
    ['a.c-d', 3],
    ["a['b']", 1],
    ["$['missing','created_at']", 4],
    ['a["b"]', 1],
    ['a[b]', 1],
    ["$.l[0]['b']", 2],
    ['l[0,1].b', 2],
    ['a.b.zz', undefined],
    ['missing', undefined],
    ['$.missing', undefined],
    ['[0]', undefined],
    ['l.b', undefined],
    ['a.n', null],
    ['$..n', null],
    // not understood by the reference system
    ['x y', 7],
    ['a/b', 11],
    ['ünï', 10],
    ['$.ünï', 10],
  ])('at %s is %s', (path, value) => {
    expect(compileCursorPath(path)(item)).toBe(value)
  })

  it('may be the whole item', () => {
    expect(compileCursorPath('$')(item)).toBe(item)
    expect(compileCursorPath('@')(5)).toBe(5)
  })

  it('is absent in what is no object', () => {
    for (const path of ['a', 'a.b', '$..a']) {
      for (const other of [null, undefined, 5, 'text']) expect(compileCursorPath(path)(other)).toBeUndefined()
    }
  })

  it('is not what every object inherits', () => {
    expect(compileCursorPath('constructor')({})).toBeUndefined()
    expect(compileCursorPath('toString')({ toString: 5 })).toBe(5)
    expect(compileCursorPath('a.valueOf')({ a: {} })).toBeUndefined()
  })

  it('is read from Maps, and from getters of classes', () => {
    class Row {
      get at(): number {
        return 8
      }
    }
    expect(compileCursorPath('at')(new Map([['at', 5]]))).toBe(5)
    expect(compileCursorPath('a.at')({ a: new Map([['at', 6]]) })).toBe(6)
    expect(compileCursorPath('at')(new Row())).toBe(8)
  })

  it('keeps its type', () => {
    const date = new Date(5)
    expect(compileCursorPath('$..at')({ in: [{ at: date }] })).toBe(date)
  })
})

describe('a path', () => {
  it.each([
    '',
    ' ',
    '$id',
    '$.',
    'a.',
    '.a',
    'a[',
    'a]',
    'a[]',
    'l[0]b',
    'a,b',
    'a|b',
    'a.`len`',
    '(a).b',
    '$..',
    "a['b",
  ])('%j is refused', (path) => {
    const error = errorOf(() => compileCursorPath(path))
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      `The cursor path "${path}" is neither a key nor a JSONPath. Give a key as it is in the items ("updated_at"), or a path ("$.meta.updated", "events[0].at"); put a key with other characters than letters, digits, spaces, _ and - into quotes ("'a.b'").`,
    )
  })

  it('is written in the standard form', () => {
    const form = (path: string): string => standardPath(readPath(path) ?? [])
    expect(form('a.b')).toBe('$["a"]["b"]')
    expect(form('a[0].*')).toBe('$["a"][0].*')
    expect(form('$..b')).toBe('$..["b"]')
    expect(form("l[?(@['x'] == 'a]')].b")).toBe(`$["l"][?(@['x'] == 'a]')]["b"]`)
    expect(form("'it\\'s'")).toBe(`$["it's"]`)
  })

  it('of any quoted keys leads to the value', () => {
    const key = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__')
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), fc.integer(), (keys, value) => {
        const path = `$${keys.map((name) => `['${name.replaceAll(/[\\']/g, String.raw`\$&`)}']`).join('')}`
        const nested = keys.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
        expect(compileCursorPath(path)(nested)).toBe(value)
      }),
    )
  })
})
