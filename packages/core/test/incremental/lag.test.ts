import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CursorValue, cursorValue, readCursor } from '../../src/incremental/cursor-kind.ts'
import { readDateText } from '../../src/incremental/date-text.ts'
import { applyLag, type Lag } from '../../src/incremental/lag.ts'
import { errorOf } from './play-sequence.ts'

const settings: Lag = { lag: 1, lastValueFunc: 'max', initialValue: undefined, timeZone: 'UTC', resource: 'items' }

function lagged(value: unknown, given: Partial<Lag>): CursorValue {
  const cursor = readCursor(value)
  if (cursor === undefined) throw new Error('not a cursor')
  return cursorValue(applyLag({ ...settings, ...given }, cursor))
}

describe('a lag', () => {
  it('shifts numbers of any type, whole ones outwards', () => {
    expect(lagged(10, { lag: 2.5 })).toBe(7)
    expect(lagged(10, { lag: 2.5, lastValueFunc: 'min' })).toBe(13)
    expect(lagged(10.5, { lag: 2.5 })).toBe(8)
    expect(lagged(2n ** 70n, { lag: 3 })).toBe(2n ** 70n - 3n)
    expect(lagged(10n, { lag: 2.5, lastValueFunc: 'min' })).toBe(13n)
    expect(lagged(new Decimal('1.10'), { lag: 0.1 })).toEqual(new Decimal('1'))
    expect(lagged(10, { lag: -2 })).toBe(12)
  })

  it('does not cross the initial value', () => {
    expect(lagged(10, { lag: 5, initialValue: 7 })).toBe(7)
    expect(lagged(10, { lag: 5, initialValue: 4n })).toBe(5)
    expect(lagged(10, { lag: 5, lastValueFunc: 'min', initialValue: 12 })).toBe(12)
    expect(lagged('2024-01-10', { lag: 5, initialValue: '2024-01-07' })).toBe('2024-01-07')
  })

  it('is in whole days of the zone where the initial value is a day', () => {
    const last = new Date('2024-04-01T22:30:00Z')
    const initialValue = new PlainDate(0)
    // A day in Berlin that begins before the clocks change, and one after.
    const shift = (given: Partial<Lag>) => errorOf(() => lagged(last, { initialValue, ...given }))
    expect(shift({}).message).toMatch(/the last value is a date-time with a time zone, but initialValue is a date/)
    const text = (given: Partial<Lag>) => lagged('2024-04-01T22:30:00Z', { initialValue: '2000-01-01', ...given })
    expect(text({ timeZone: 'UTC' })).toBe('2024-03-31T00:00:00Z')
    expect(text({ timeZone: 'Europe/Berlin' })).toBe('2024-03-31T22:00:00Z')
    expect(text({ timeZone: 'Europe/Berlin', lag: 2 })).toBe('2024-03-30T23:00:00Z')
    expect(text({ timeZone: 'Europe/Berlin', lag: 0.5 })).toBe('2024-03-31T22:00:00Z')
    expect(text({ timeZone: 'Europe/Berlin', lastValueFunc: 'min', initialValue: '2900-01-01' })).toBe(
      '2024-04-03T21:59:59Z',
    )
  })

  it('takes days before 1970 as they are', () => {
    const given = { initialValue: '1900-01-01' }
    expect(lagged('1969-12-31T10:00:00Z', given)).toBe('1969-12-30T00:00:00Z')
    expect(lagged('1969-12-31T00:00:00Z', given)).toBe('1969-12-30T00:00:00Z')
    expect(lagged('1969-12-31T10:00:00', { initialValue: '2900-01-01', lastValueFunc: 'min' })).toBe(
      '1970-01-01T23:59:59',
    )
  })

  it('shifts the instant, not the clock, where it is in seconds', () => {
    expect(lagged('2024-03-31T03:30:00+02:00', { lag: 7200 })).toBe('2024-03-31T01:30:00+02:00')
    expect(lagged(new PreciseDateTime(10n, true), { lag: 0.000_001 })).toEqual(new PreciseDateTime(9n, true))
    expect(lagged(new Date(5000), { lag: 2, initialValue: new Date(0) })).toEqual(new Date(3000))
  })

  it.each([
    ['a text in no known form of a date or date-time', 'abc'],
    ['a text in no known form of a date or date-time', '2024-02-30'],
    ['a text in no known form of a date or date-time', '2024-01-01 10:00:00'],
    ['a time of day', new PlainTime(5n)],
  ])('cannot shift %s', (what, value) => {
    const error = errorOf(() => lagged(value, {}))
    expect(error.code).toBe('DATA')
    expect(error.message).toBe(
      `Resource "items": lag cannot shift the last value, which is ${what}. Use a number, a date or a date-time as cursor, for texts in a form like 2024-01-31T10:00:00Z, or remove lag.`,
    )
  })

  it('needs an initial value of the kind of the cursor', () => {
    expect(errorOf(() => lagged(5, { initialValue: '2024-01-01' })).message).toBe(
      'Resource "items": the last value is a number, but initialValue is a text, so lag cannot tell where to start. Give an initialValue of the cursor\'s kind.',
    )
  })
})

describe('texts of dates', () => {
  const instant = fc.date({
    min: new Date('0001-01-08T00:00:00Z'),
    max: new Date('9998-12-24T00:00:00Z'),
    noInvalidDate: true,
  })
  const forms: readonly ((iso: string) => string)[] = [
    (iso) => `${iso.slice(0, 19)}Z`,
    (iso) => `${iso.slice(0, 19)}.250000+02:00`,
    (iso) => `${iso.slice(0, 19)}-0530`,
    (iso) => iso.slice(0, 19),
    (iso) => iso.slice(0, 16),
    (iso) => iso.slice(0, 13),
    (iso) => iso.slice(0, 10),
    (iso) => iso.slice(0, 7),
    (iso) => iso.slice(0, 4),
    (iso) => iso.slice(0, 10).replaceAll('-', ''),
    (iso) => iso.slice(0, 7).replace('-', ''),
  ]

  it('are written as they were read', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...forms), (date, form) => {
        const text = form(date.toISOString())
        const read = readDateText(text)
        expect(read?.write(read.wall)).toBe(text)
      }),
    )
  })

  it('by week and by day of the year name the same day', () => {
    fc.assert(
      fc.property(instant, (date) => {
        const day = date.toISOString().slice(0, 10)
        const wall = readDateText(day)?.wall ?? 0n
        for (const model of ['2024-W10-3', '2024-070']) {
          const written = readDateText(model)?.write(wall) ?? ''
          expect(readDateText(written)?.wall).toBe(wall)
        }
      }),
    )
  })

  it.each([
    '2024-13-01',
    '2023-366',
    '2024-000',
    '2023-W53-1',
    '2024-W00',
    '2024-W10-8',
    '2024-W10-0',
    '24-01-01',
    '',
    'now',
    '2024-01-01T25:00',
  ])('%j is none', (text) => {
    expect(readDateText(text)).toBeUndefined()
  })
})
