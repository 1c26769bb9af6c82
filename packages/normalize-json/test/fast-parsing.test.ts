import { parseIsoTimestamp } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText, packDecimal128, unscaledDecimal } from '../src/normalize/decimal128.ts'
import { int64FromNumbers } from '../src/normalize/int64.ts'
import { writeTimestamp } from '../src/normalize/timestamp-bytes.ts'

function fastTimestamp(text: string): bigint | undefined {
  const bytes = new TextEncoder().encode(`xx${text}xx`)
  const target = new BigInt64Array(2)
  const written = writeTimestamp(bytes, 2, bytes.length - 2, new Uint32Array(target.buffer), 1)
  return written ? target[1] : undefined
}

describe('timestamps read from bytes', () => {
  it.each([
    ['2022-06-01T00:48:35.040Z', 1654044515040000n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2024-02-29 12:00:00', 1709208000000000n],
    ['2024-01-01T00:00:00+05:30', 1704047400000000n],
    ['1900-02-28T00:00:00-00:00', -2203977600000000n],
  ])('%s', (text, expected) => {
    expect(fastTimestamp(text)).toBe(expected)
    expect(parseIsoTimestamp(text)).toBe(expected)
  })

  it.each([
    '2022-06-01',
    '2022-06-01T00:48',
    '2023-02-29T00:00:00Z',
    '2022-13-01T00:00:00Z',
    '2022-06-01T24:00:00Z',
    '2022-06-01T00:60:00Z',
    '2022-06-01t00:00:00Z',
    '2022-06-01T00:00:00.Z',
    '2022-06-01T00:00:00z',
    '2022-06-01T00:00:00 +00:00',
    '2022-06-01T00:00:00+0000',
    '2022-06-01T00:00:00Zx',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '２022-06-01T00:00:00Z',
  ])('%s is left to the general parser', (text) => {
    expect(fastTimestamp(text)).toBeUndefined()
  })

  it('agree with the general parser wherever they answer', () => {
    const digits = (count: number, max: number): fc.Arbitrary<string> =>
      fc.integer({ min: 0, max }).map((number) => String(number).padStart(count, '0'))
    const text = fc
      .tuple(
        fc.oneof(digits(4, 9999), fc.constantFrom('1970', '2000', '2024')),
        digits(2, 14),
        digits(2, 33),
        fc.constantFrom('T', ' ', 't', '_'),
        digits(2, 25),
        digits(2, 61),
        digits(2, 61),
        fc.constantFrom('', '.', '.1', '.123', '.123456', '.1234567', ',5'),
        fc.constantFrom('', 'Z', '+02:00', '-23:59', '+0200', '+2', '+24:00', ' Z'),
      )
      .map(
        ([year, month, day, mark, hour, minute, second, fraction, zone]) =>
          `${year}-${month}-${day}${mark}${hour}:${minute}:${second}${fraction}${zone}`,
      )
    let answered = 0
    fc.assert(
      fc.property(text, (each) => {
        const fast = fastTimestamp(each)
        if (fast === undefined) return
        answered += 1
        expect(fast).toBe(parseIsoTimestamp(each))
      }),
      { numRuns: 5000 },
    )
    expect(answered).toBeGreaterThan(100)
  })
})

describe('whole numbers as 64-bit integers', () => {
  it('are exact', () => {
    const whole = fc.oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(-0, 2 ** 62, -(2 ** 63), 2 ** 63 - 1024, -(2 ** 53) - 2),
    )
    fc.assert(
      fc.property(fc.array(whole), (numbers) => {
        expect([...int64FromNumbers(Float64Array.from(numbers))]).toEqual(numbers.map((number) => BigInt(number)))
      }),
    )
  })
})

describe('decimals', () => {
  it('fit exactly or not at all', () => {
    const text = fc
      .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -30, max: 30 }))
      .map(([digits, exponent]) => `${digits}e${exponent}`)
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 20 }), (each, precision, scale) => {
        const exact = new (Decimal.clone({ precision: 200 }))(each).times(`1e${scale}`)
        const fits = exact.isInteger() && exact.abs().lt(`1e${precision}`)
        const unscaled = unscaledDecimal(each, precision, scale, 'exact')
        expect(unscaled).toBe(fits ? BigInt(exact.toFixed(0)) : undefined)
      }),
    )
  })

  it('of doubles are rounded half to even', () => {
    const rounded = ['0.125', '0.135', '-0.125', '0.30000000000000004', '1e-20'].map((text) =>
      unscaledDecimal(text, 10, 2, 'nearest'),
    )
    expect(rounded).toEqual([12n, 14n, -12n, 30n, 0n])
  })

  it.each(['', '.', '-', 'x', '1.2.3', '1e', '1e99999', 'NaN', 'Infinity', '0x1'])('"%s" is none', (text) => {
    expect(unscaledDecimal(text, 38, 9, 'nearest')).toBeUndefined()
  })

  it('are written in two halves, and as text', () => {
    const values = [0n, -1n, 10n ** 37n, -(10n ** 37n)]
    const view = new DataView(packDecimal128(values).buffer)
    const read = values.map((_, i) => (view.getBigInt64(i * 16 + 8, true) << 64n) | view.getBigUint64(i * 16, true))
    expect(read).toEqual(values)
    expect([decimalText(-5n, 2), decimalText(12345n, 2), decimalText(7n, 0)]).toEqual(['-0.05', '123.45', '7'])
  })
})
