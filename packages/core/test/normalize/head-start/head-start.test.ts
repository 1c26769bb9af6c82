import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createSchema, DltError } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resource } from '../../../src/declare/declare-resource.ts'
import { jsonLines } from '../../../src/declare/json-lines.ts'
import type { Resource } from '../../../src/declare/resource.ts'
import { type AheadOptions, extractAhead, type Outcome, tablesOf } from './extract-ahead.ts'

/** What must be the same with a head start and without. */
function essence({ schema, rows, rowCounts, formats, collisions, warnings }: Outcome): unknown {
  return { tables: tablesOf(schema), rows, rowCounts, formats, collisions, warnings }
}

const orders = (items: readonly object[]): Resource => resource({ name: 'orders' }, items)

const textOf = (items: readonly object[], name = 'orders'): Resource =>
  jsonLines(Readable.from([Buffer.from(items.map((item) => JSON.stringify(item)).join('\n'))]), { name })

const inPages = (threads: number, taskBytes?: number): AheadOptions => ({
  threads,
  pageRows: 2,
  ...(taskBytes !== undefined && { taskBytes }),
})

const other = (): Resource => resource({ name: 'others' }, [{ a: 1 }])

/** The essence, or why it failed. */
const outcomeOf = (running: Promise<Outcome>): Promise<unknown> => running.then(essence, String)

const numbered = (count: number, more: (id: number) => object = () => ({})): readonly object[] =>
  Array.from({ length: count }, (_, id) => ({ id, ...more(id) }))

const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, 1, 2.5, 'text', '2024-01-01T00:00:00Z'),
  fc.array(fc.constantFrom<unknown>(1, 'x', { a: 1 }, { b: 'y' }), { maxLength: 2 }),
)
const documents = fc.array(fc.dictionary(fc.constantFrom('a', 'A', 'b', 'c d', 'c_d'), value), { maxLength: 25 })

describe('a package that was normalized while it was extracted', () => {
  const cuts = fc.record({
    pageRows: fc.integer({ min: 1, max: 9 }),
    taskBytes: fc.constantFrom(1, 2000, 6000),
    isText: fc.boolean(),
  })

  async function expectSame(
    items: readonly object[],
    { isText, ...ahead }: AheadOptions & { readonly isText: boolean },
  ) {
    const source = (): readonly Resource[] => [isText ? textOf(items) : orders(items), other()]
    const without = await outcomeOf(extractAhead(source(), { threads: 0, pageRows: 1000 }))
    expect(await outcomeOf(extractAhead(source(), ahead))).toEqual(without)
  }

  test('is the same as one that was not, however it is cut', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(documents, cuts, (items, cut) => expectSame(items, { threads: 0, ...cut })),
      { numRuns: 30 },
    )
  })

  test.each([1, 2])('is the same with %s threads', { timeout: 60_000 }, async (threads) => {
    const items = numbered(40, (id) => ({
      a: id % 9 === 8 ? `${id}` : id,
      b: id === 31 ? 0.5 : 1,
      list: [id, { x: id }],
    }))
    for (const isText of [false, true]) await expectSame(items, { threads, pageRows: 3, taskBytes: 500, isText })
  })

  test('is made of the files that were written early', async () => {
    const { early, taken, rows } = await extractAhead([orders(numbered(20))], inPages(0, 1))
    expect(early).toHaveLength(10)
    expect(taken).toHaveLength(10)
    expect(rows['orders']).toEqual(numbered(20))
  })

  test('keeps them where later pages bring columns, tables and kinds of values', async () => {
    const items = numbered(20, (id) => (id < 12 ? {} : { late: id, Id: 1, list: [id], id: id === 13 ? 'text' : id }))
    const { early, taken } = await extractAhead([orders(items)], inPages(0, 1))
    expect(taken.toSorted()).toEqual(early.toSorted())
  })

  test('has those written again that a fraction concerns, and no others', async () => {
    const items = numbered(20, (id) => ({ ...(id >= 4 && { price: id === 18 ? 0.5 : id }), kind: 'x' }))
    const { early, taken, rows } = await extractAhead([orders(items)], inPages(0, 1))
    // Four rows, in two pages, have no price; the page with the fraction was the first to be written as it is.
    expect([early.length, taken.length]).toEqual([10, 3])
    expect(rows['orders']).toEqual(items)
  })

  test('has nothing of text that is to be taken apart otherwise', async () => {
    const docs = textOf(numbered(12, (id) => ({ doc: { id } }))).applyHints({ columns: { doc: { data_type: 'json' } } })
    const { rows, early, taken } = await extractAhead([docs], { ...inPages(0, 1), earlySchema: createSchema('shop') })
    expect([early.length > 0, taken]).toEqual([true, []])
    expect(rows['orders']?.[3]).toEqual({ id: 3, doc: { id: 3 } })
  })

  test('is normalized as ever where there is no folder for what is done before', async () => {
    const before: AheadOptions['before'] = (group) => {
      mkdirSync(group, { recursive: true })
      writeFileSync(join(group, 'head-start'), '')
    }
    const { taken, rows } = await extractAhead([orders(numbered(6))], { ...inPages(0, 1), before })
    expect([taken, rows['orders']]).toEqual([[], numbered(6)])
  })

  test('fails where it would have failed without', async () => {
    const lines = jsonLines(Readable.from([Buffer.from('{"id": 1}\n{"id": 2}\n{"id": 3,}\n')]), { name: 'orders' })
    const error = await extractAhead([lines], inPages(0, 1)).catch((caught: unknown) => caught)
    expect(DltError.is(error) && error.context.line).toBe(3)
  })

  test('is not taken for one of another group', async () => {
    const { taken, rows } = await extractAhead([orders(numbered(4))], {
      ...inPages(0, 1),
      between: (ahead) => {
        expect(ahead.finish('1700000000.9', '1700000000.1')).toBeUndefined()
      },
    })
    expect([taken.length, rows['orders']?.length]).toEqual([2, 4])
  })
})
