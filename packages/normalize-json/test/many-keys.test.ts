import { DltError } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { createShredder, type NameCollision } from '../src/index.ts'
import { mostKeys } from '../src/shred/path-tree.ts'
import { normalizeDocuments } from './harness.ts'

function documentOf(keys: number, prefix = 'k'): object {
  return Object.fromEntries(Array.from({ length: keys }, (_, at) => [`${prefix}${at}`, at]))
}

function failureOf(...items: unknown[]): DltError {
  const shredder = createShredder({ maxNesting: 1000 })
  try {
    for (const item of items) shredder.add(item)
  } catch (error) {
    if (DltError.is(error)) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

describe('keys that are data', () => {
  test('as many as allowed are taken', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    shredder.add(documentOf(mostKeys))
    shredder.add(documentOf(mostKeys))
    expect(shredder.takePage().summary.tables[0]?.columns.length).toBe(mostKeys)
  })

  test('one more is refused, with what to do', () => {
    const { code, message } = failureOf(documentOf(mostKeys + 1))
    expect(code).toBe('DATA')
    expect(message).toBe(
      'The items hold more than 20,000 different keys, each of which would be a column. Where keys are data, yield a list of objects such as { key, value } instead, or declare the column that holds them with data_type "json".',
    )
  })

  test('a million are refused before they are looked at', () => {
    const document = documentOf(1_000_000)
    const startedAt = performance.now()
    expect(failureOf(document).code).toBe('DATA')
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  test('they are counted over documents, pages and levels of objects', () => {
    const shredder = createShredder({ maxNesting: 1000 })
    shredder.add(documentOf(mostKeys - 2))
    shredder.takePage()
    shredder.add({ x: { y: 1 } })
    expect(() => shredder.add({ x: { z: 1 } })).toThrow('more than 20,000 different keys')
  })

  test('lists have tables of their own, which are named', () => {
    const { message } = failureOf(
      { a: { list: [documentOf(mostKeys, 'a')] }, ...documentOf(10_000) },
      { a: { list: [{ b: 1 }] } },
    )
    expect(message).toContain('The items hold in the lists at "a.list" more than 20,000 different keys')
  })

  test('the table is named where it is known', () => {
    const shredder = createShredder({ maxNesting: 1000, tableName: 'events' })
    expect(() => shredder.add({ l: [documentOf(mostKeys + 1)] })).toThrow(
      'The items for table "events" hold in the lists at "l" more than 20,000 different keys',
    )
  })

  test('what stays JSON has any number of keys', () => {
    const shredder = createShredder({ maxNesting: 0 })
    shredder.add({ object: documentOf(100_000) })
    expect(shredder.takePage().summary.tables[0]?.columns.length).toBe(1)
  })
})

describe('as many keys as are allowed', () => {
  const seconds = 60

  /** Normalizes a document twice, the second time with what the first one left in the schema. */
  function normalizeTwice(document: object): readonly NameCollision[] {
    const startedAt = performance.now()
    const { schema } = normalizeDocuments([document])
    const { collisions, diff } = normalizeDocuments([document], { schema })
    expect(diff.tables).toEqual([])
    expect((performance.now() - startedAt) / 1000).toBeLessThan(seconds)
    return collisions
  }

  // Each of these took minutes when something was done over for every key.
  test('whose names meet are named in bounded time', { timeout: 2 * seconds * 1000 }, () => {
    const half = Object.entries(documentOf(mostKeys / 2))
    const document = Object.fromEntries([...half, ...half.map(([key, value]) => [key.toUpperCase(), value])])
    expect(normalizeTwice(document)).toEqual([])
  })

  test('whose values are lists become tables in bounded time', { timeout: 2 * seconds * 1000 }, () => {
    const document = Object.fromEntries(Object.keys(documentOf(mostKeys)).map((key) => [key, [1]]))
    expect(normalizeTwice(document)).toEqual([])
  })
})
