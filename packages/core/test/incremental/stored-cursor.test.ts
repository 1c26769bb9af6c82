import { PlainDate, PlainTime, PreciseDateTime, parseTypedJson, typedJson } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys } from '../../src/incremental/compare-cursors.ts'
import { cursorValue, readCursor } from '../../src/incremental/cursor-kind.ts'
import { readStoredCursor, type StoredCursor } from '../../src/incremental/stored-cursor.ts'
import { playRun } from './play-sequence.ts'

const where = { resource: 'items', cursorPath: 'at' }

/** The document as the next run finds it. */
function throughState(stored: StoredCursor | null): StoredCursor | undefined {
  return readStoredCursor(parseTypedJson(typedJson(stored ?? {})), where)
}

const microseconds = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })

/** Cursors of every kind. The values of each are told apart, and ordered, by one integer. */
const kinds: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
  ['numbers', fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))],
  ['bigints', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [
    'decimals',
    fc.tuple(fc.integer(), fc.integer({ min: 0, max: 8 })).map(([digits, scale]) => new Decimal(`${digits}e-${scale}`)),
  ],
  ['texts', fc.string({ unit: 'grapheme' }).filter((text) => !/^[\ue000-\uf8ff]/.test(text))],
  [
    'Dates',
    fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
  ],
  ['instants', microseconds.map((at) => new PreciseDateTime(at, true))],
  ['clocks', microseconds.map((at) => new PreciseDateTime(at, false))],
  ['days', fc.integer({ min: -719_162, max: 2_932_896 }).map((day) => new PlainDate(day))],
  ['times', fc.bigInt({ min: 0n, max: 86_399_999_999n }).map((at) => new PlainTime(at))],
]

describe.each(kinds)('cursors that are %s', (_, values) => {
  it('are the same after they were stored', () => {
    fc.assert(
      fc.property(values, (value) => {
        const cursor = readCursor(value)
        if (cursor === undefined) throw new Error('no cursor')
        const again = readCursor(parseTypedJson(typedJson(cursorValue(cursor))))
        expect(again?.kind).toBe(cursor.kind)
        expect(again && compareKeys(again.key, cursor.key)).toBe(0)
      }),
    )
  })

  it('go on from the stored state as from the one in memory', () => {
    const rows = fc.array(fc.record({ id: fc.integer({ min: 0, max: 20 }), at: values }), { maxLength: 8 })
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const options = { cursorPath: 'at', primaryKey: 'id' }
        const { state } = playRun(options, [first])
        const inMemory = playRun(options, [[...first, ...second]], { stored: state ?? undefined })
        const stored = playRun(options, [[...first, ...second]], { stored: throughState(state) })
        expect(stored.passed).toEqual(inMemory.passed)
        expect(typedJson(stored.state)).toBe(typedJson(inMemory.state))
        expect(playRun(options, [first], { stored: throughState(state) }).passed).toEqual([])
      }),
    )
  })

  it('pass once when everything comes again', () => {
    const rows = fc.uniqueArray(fc.record({ id: fc.integer(), at: values }), { maxLength: 8, selector: ({ id }) => id })
    fc.assert(
      fc.property(rows, (given) => {
        const options = { cursorPath: 'at', primaryKey: 'id' }
        const first = playRun(options, [given])
        expect(first.passed).toEqual(given)
        const second = playRun(options, [given], { stored: throughState(first.state) })
        expect(second.passed).toEqual([])
        expect(typedJson(second.state)).toBe(typedJson(first.state))
      }),
    )
  })
})
