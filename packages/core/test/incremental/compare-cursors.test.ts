import { PlainDate, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys, sameValue } from '../../src/incremental/compare-cursors.ts'

describe('the order of keys', () => {
  it('of texts is that of their code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        const [first, second] = [[...left], [...right]].map((text) => text.map((char) => char.codePointAt(0) ?? 0))
        const at = first?.findIndex((code, index) => code !== second?.[index]) ?? -1
        const expected = at === -1 ? [...left].length - [...right].length : (first?.[at] ?? 0) - (second?.[at] ?? -1)
        expect(Math.sign(compareKeys(left, right))).toBe(Math.sign(expected))
      }),
    )
    expect(compareKeys('\u{1f600}', '\uffee')).toBeGreaterThan(0)
    expect(compareKeys('a\u{1f600}', 'a\uffee')).toBeGreaterThan(0)
    expect(compareKeys('a', '\uffee')).toBeLessThan(0)
  })

  it('of numbers of any type is exact', () => {
    const number = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(number, number, (left, right) => {
        const expected = left < right ? -1 : left > right ? 1 : 0
        expect(Math.sign(compareKeys(left, right))).toBe(expected)
        expect(Math.sign(compareKeys(right, left))).toBe(expected === 0 ? 0 : -expected)
      }),
    )
    expect(compareKeys(2n ** 53n + 1n, 2 ** 53)).toBe(1)
    expect(compareKeys(new Decimal('9007199254740993'), 2n ** 53n)).toBe(1)
    expect(compareKeys(3, new Decimal('2.5'))).toBe(1)
    expect(compareKeys(2n, new Decimal('2.0'))).toBe(0)
  })
})

describe('equality', () => {
  it.each([
    [1, 1n, true],
    [1, new Decimal('1.0'), true],
    [new Date(5), new PreciseDateTime(5000n, true), true],
    [new Date(5), new PreciseDateTime(5000n, false), false],
    [new PlainDate(1), new PlainDate(1), true],
    [1, '1', false],
    [undefined, null, false],
    [undefined, undefined, true],
    [{ a: [1] }, { a: [1] }, true],
    [{ a: [1] }, { a: [2] }, false],
    [{ a: 1 }, 1, false],
    [true, true, true],
    [Number.NaN, Number.NaN, true],
  ])('case %#', (left, right, expected) => {
    expect(sameValue(left, right)).toBe(expected)
    expect(sameValue(right, left)).toBe(expected)
  })
})
