import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatDate,
  formatTime,
  formatTimestamp,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '../../src/index.ts'
import { civilFromDays, daysFromCivil, daysInMonth } from '../../src/time/calendar.ts'
import { decimalDigits } from '../../src/time/decimal-digits.ts'
import { parseIsoDateTime } from '../../src/time/iso.ts'

const secondsOf = (text: string): bigint => BigInt(Date.parse(text)) * 1000n

describe('timestamps', () => {
  it.each([
    ['2022-06-01T00:48:35.040Z', '2022-06-01T00:48:35.040Z'],
    ['2022-06-01T00:48:35.040+00:00', '2022-06-01T00:48:35.040Z'],
    ['2022-06-01T00:48:35', '2022-06-01T00:48:35Z'],
    ['2022-06-01 00:48:35', '2022-06-01T00:48:35Z'],
    ['2022-06-01T00:48', '2022-06-01T00:48:00Z'],
    ['2022-06-01T00', '2022-06-01T00:00:00Z'],
    ['20220601T004835Z', '2022-06-01T00:48:35Z'],
    ['1975-05-21T22:00:00Z', '1975-05-21T22:00:00Z'],
    ['2022-152T00:48:35Z', '2022-06-01T00:48:35Z'],
    ['2022152T004835', '2022-06-01T00:48:35Z'],
    ['2022-W22-3T00:48:35Z', '2022-06-01T00:48:35Z'],
    ['2022-W22T00:48:35', '2022-05-30T00:48:35Z'],
    ['2022W223T004835', '2022-06-01T00:48:35Z'],
    ['2022-06-01T00:48:35,5Z', '2022-06-01T00:48:35.5Z'],
    ['2022-06-01T00:48:35+02', '2022-05-31T22:48:35Z'],
    ['2022-06-01T00:48:35+0200', '2022-05-31T22:48:35Z'],
    ['2022-06-01T00:48:35-00:00', '2022-06-01T00:48:35Z'],
    ['2022-06-01T00:48:35-02:30', '2022-06-01T03:18:35Z'],
    ['2022/06/01 10:00:00', '2022-06-01T10:00:00Z'],
    ['2020-02-29T12:00:00Z', '2020-02-29T12:00:00Z'],
  ])('%s', (text, same) => {
    expect(parseIsoTimestamp(text)).toBe(secondsOf(same))
  })

  it.each([
    ['2022-06-01T00:48:35.0401234Z', 40_123n],
    ['2022-06-01T00:48:35.000001Z', 1n],
    ['2022-06-01T00:48:35.999999999999Z', 999_999n],
    ['2022-06-01T00:48:35.1', 100_000n],
  ])('%s keeps microseconds', (text, fraction) => {
    expect(parseIsoTimestamp(text)).toBe(secondsOf('2022-06-01T00:48:35Z') + fraction)
  })

  it.each([
    '2022-06-01t00:48:35',
    '2022-06-01T00:48:35z',
    '2022-06-01T24:00',
    '2022-06-01T24:00:00',
    '2022-06-01T10:00:60',
    '2022-06-01T10:60',
    '2022-06-01 00:48:35 +00:00',
    '2022-06-01 00:48:35 UTC',
    ' 2022-06-01T00:48:35',
    '2022-06-01T00:48:35 ',
    '2022-6-1T10:00:00',
    '2022-06-01T',
    '2022-06-01T00:48:35.',
    '2022-06-01T00:48:35.Z',
    '2022-06-01T00:48:35+2',
    '2022-06-01T00:48:35+24:00',
    '2022-02-29T00:00:00',
    '2022-13-01T00:00:00',
    '2022-00-01T00:00:00',
    '2022-01-00T00:00:00',
    '2022-W53T00:00:00',
    '2022-366T00:00:00',
    '0000-01-01T00:00:00',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '10000-01-01T00:00:00',
    '20220601T00:48:35',
    '2022-06-01T0048',
    '2022-06-01',
    '20220601',
    '2022',
    '2022-W01',
    '202206',
    '12:00:00',
    '3w 4d',
    'hello',
    'P1D',
    'a/b',
    '1651125725',
    '',
    'T',
    '2',
  ])('%j is none', (text) => {
    expect(parseIsoTimestamp(text)).toBeUndefined()
  })

  it('reach from year 1 to year 9999', () => {
    expect(parseIsoTimestamp('0001-01-01T00:00:00Z')).toBe(-62_135_596_800_000_000n)
    expect(parseIsoTimestamp('9999-12-31T23:59:59.999999Z')).toBe(253_402_300_799_999_999n)
    expect(formatTimestamp(-62_135_596_800_000_000n)).toBe('0001-01-01T00:00:00+00:00')
    expect(formatTimestamp(253_402_300_799_999_999n)).toBe('9999-12-31T23:59:59.999999+00:00')
  })

  it('tell whether they have an offset', () => {
    expect(parseIsoDateTime('2022-06-01T00:48:35')).toEqual({
      microseconds: secondsOf('2022-06-01T00:48:35Z'),
      hasOffset: false,
    })
    expect(parseIsoDateTime('2022-06-01T00:48:35Z')?.hasOffset).toBe(true)
    expect(parseIsoDateTime('2022-06-01')).toBeUndefined()
    expect(parseIsoDateTime('9999-12-31T23:59:59-01:00')).toBeUndefined()
  })
})

describe('dates', () => {
  it.each([
    '2022-06-01',
    '20220601',
    '2022/06/01',
    '2022-152',
    '2022152',
    '2022-W22-3',
    '2022W223',
    '2022:06:01',
    '٢٠٢٢/06/01',
  ])('%s', (text) => {
    expect(parseIsoDate(text)).toBe(19_144)
  })

  it.each([
    ['2022', '2022-01-01'],
    ['2022-06', '2022-06-01'],
    ['2022-W01', '2022-01-03'],
    ['2020-W53-7', '2021-01-03'],
    ['2022-W00', '2021-12-27'],
  ])('%s is %s', (text, date) => {
    expect(formatDate(parseIsoDate(text) ?? 0)).toBe(date)
  })

  it.each([
    '2022-06-01T00:00:00',
    '202206',
    '975-1-2',
    '2022-06-1',
    '2022-02-30',
    '0000-01-01',
    '12:00',
    'x',
    '',
    '2022-W22-8',
    '2022-000',
  ])('%j is none', (text) => {
    expect(parseIsoDate(text)).toBeUndefined()
  })
})

describe('times', () => {
  it.each([
    ['12:34:56', '12:34:56'],
    ['12:34', '12:34:00'],
    ['9:5', '09:05:00'],
    ['12:34:56.000001', '12:34:56.000001'],
    ['T1234', '12:34:00'],
    ['T123456', '12:34:56'],
    ['12:34:56+02:00', '10:34:56'],
    ['00:30:00+01:00', '23:30:00'],
    ['23:30:00-01:00', '00:30:00'],
    ['12:34:56Z', '12:34:56'],
  ])('%s is %s', (text, time) => {
    expect(formatTime(parseIsoTime(text) ?? -1n)).toBe(time)
  })

  it.each(['24:00', '12:60', '12', '1234', '2022-06-01T12:34', 'T12:34:56', '9:', '', 'T'])('%j is none', (text) => {
    expect(parseIsoTime(text)).toBeUndefined()
  })
})

describe('what is formatted can be parsed', () => {
  it('timestamps', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), (microseconds) => {
        expect(parseIsoTimestamp(formatTimestamp(microseconds))).toBe(microseconds)
      }),
    )
  })

  it('dates', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        expect(parseIsoDate(formatDate(days))).toBe(days)
      }),
    )
  })

  it('times', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 86_399_999_999n }), (microseconds) => {
        expect(parseIsoTime(formatTime(microseconds))).toBe(microseconds)
      }),
    )
  })

  it('in agreement with Date', () => {
    const range = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }
    fc.assert(
      fc.property(fc.date(range), fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, offset) => {
        expect(parseIsoTimestamp(date.toISOString())).toBe(BigInt(date.getTime()) * 1000n)
        const sign = offset < 0 ? '-' : '+'
        const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
          String(part).padStart(2, '0'),
        )
        const text = `2022-06-01T12:00:00${sign}${hours}:${minutes}`
        expect(parseIsoTimestamp(text)).toBe(BigInt(Date.parse(text)) * 1000n)
      }),
    )
  })
})

describe('the calendar', () => {
  it('goes from dates to days and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (days) => {
        const { year, month, day } = civilFromDays(days)
        expect(daysFromCivil(year, month, day)).toBe(days)
        expect(day).toBeLessThanOrEqual(daysInMonth(year, month))
      }),
    )
  })

  it('knows leap years', () => {
    expect([1900, 2000, 2020, 2022].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 29, 28])
    expect([0, 13].map((month) => daysInMonth(2022, month))).toEqual([0, 0])
  })
})

it('reads decimal digits of every script', () => {
  expect(decimalDigits('a٠١٢٩ ०९ 𝟎𝟗𝟘 12')).toBe('a0129 09 090 12')
})
