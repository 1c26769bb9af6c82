import { PlainDate, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { currentInterval, readExternalSchedule } from '../../src/incremental/external-interval.ts'
import type { IncrementalOptions } from '../../src/incremental/incremental-options.ts'
import { joinInterval } from '../../src/incremental/join-interval.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import { errorOf } from './play-sequence.ts'

const environment = { DLT_INTERVAL_START: '2024-01-02T00:00:00Z', DLT_INTERVAL_END: '2024-01-03T00:00:00Z' }
const start = new Date('2024-01-02T00:00:00Z')
const end = new Date('2024-01-03T00:00:00Z')

describe('the interval of the environment', () => {
  it('has a start, an end and a zone', () => {
    expect(readExternalSchedule(environment)).toEqual({ timeZone: 'UTC', interval: { start, end, timeZone: 'UTC' } })
    expect(currentInterval({ ...environment, DLT_INTERVAL_TIMEZONE: 'Europe/Berlin' })).toEqual({
      start,
      end,
      timeZone: 'Europe/Berlin',
    })
  })

  it('counts times without an offset, and days, as UTC', () => {
    expect(currentInterval({ DLT_INTERVAL_START: '2024-01-02', DLT_INTERVAL_END: '2024-01-03T00:00:00' })).toEqual({
      start,
      end,
      timeZone: 'UTC',
    })
    expect(currentInterval({ DLT_INTERVAL_START: '2024-01-02T02:00:00+02:00', DLT_INTERVAL_END: '20240103' })).toEqual({
      start,
      end,
      timeZone: 'UTC',
    })
  })

  it('may be empty', () => {
    const both = { DLT_INTERVAL_START: '2024-01-02', DLT_INTERVAL_END: '2024-01-02' }
    expect(currentInterval(both)).toEqual({ start, end: start, timeZone: 'UTC' })
  })

  it('is none when a part is missing', () => {
    expect(currentInterval({})).toBeUndefined()
    expect(currentInterval({ DLT_INTERVAL_START: '2024-01-02' })).toBeUndefined()
    expect(currentInterval({ DLT_INTERVAL_END: '2024-01-02', DLT_INTERVAL_START: '' })).toBeUndefined()
  })

  it('is read from the process unless told otherwise', () => {
    expect(currentInterval()).toBeUndefined()
  })

  it.each([
    ['1', true],
    ['TRUE', true],
    ['yes', true],
    ['0', false],
    ['f', false],
    ['', undefined],
  ])('DLT_ALLOW_EXTERNAL_SCHEDULERS=%s allows it: %s', (text, isAllowed) => {
    expect(readExternalSchedule({ DLT_ALLOW_EXTERNAL_SCHEDULERS: text }).isAllowed).toBe(isAllowed)
  })

  it.each([
    ['DLT_INTERVAL_START', { ...environment, DLT_INTERVAL_START: 'monday' }, 'a time in UTC like 2024-01-31T00:00:00Z'],
    ['DLT_INTERVAL_END', { ...environment, DLT_INTERVAL_END: '10:00' }, 'a time in UTC like 2024-01-31T00:00:00Z'],
    [
      'DLT_INTERVAL_START',
      { DLT_INTERVAL_START: '2024-01-03T00:00:01Z', DLT_INTERVAL_END: '2024-01-03' },
      'a time that is not behind DLT_INTERVAL_END',
    ],
    ['DLT_INTERVAL_TIMEZONE', { DLT_INTERVAL_TIMEZONE: 'CEST+1' }, 'the name of a zone like Europe/Berlin'],
    ['DLT_ALLOW_EXTERNAL_SCHEDULERS', { DLT_ALLOW_EXTERNAL_SCHEDULERS: 'maybe' }, 'true or false'],
  ])('an unreadable %s is named', (variable, given, expected) => {
    const error = errorOf(() => readExternalSchedule(given))
    expect(error.code).toBe('CONFIGURATION')
    expect(error.context).toEqual({ variable })
    expect(error.message).toBe(`The environment variable ${variable} must be ${expected}. Correct it, or unset it.`)
  })
})

describe('an incremental in an interval', () => {
  const join = (options: Omit<IncrementalOptions, 'cursorPath'>, timeZone = 'UTC') =>
    joinInterval(
      { cursorPath: 'at', allowExternalSchedulers: true, ...options },
      { interval: { start, end, timeZone }, timeZone },
      'items',
    )
  const seconds = start.getTime() / 1000

  it.each([
    ['a Date', new Date(0), start, end],
    ['a whole number', 0, seconds, seconds + 86_400],
    ['a fraction', 0.5, seconds, seconds + 86_400],
    ['a bigint', 0n, BigInt(seconds), BigInt(seconds + 86_400)],
    ['a date', new PlainDate(0), new PlainDate(19_724), new PlainDate(19_725)],
    [
      'a date-time without zone',
      new PreciseDateTime(0n, false),
      new PreciseDateTime(BigInt(seconds) * 1_000_000n, false),
      new PreciseDateTime(BigInt(seconds + 86_400) * 1_000_000n, false),
    ],
    ['a decimal', new Decimal('1'), seconds, seconds + 86_400],
  ])('takes it in the kind of %s', (_, initialValue, from, to) => {
    expect(join({ initialValue })).toMatchObject({ initialValue: from, endValue: to })
  })

  it('takes days and clocks of the zone', () => {
    expect(join({ initialValue: new PlainDate(0) }, 'America/New_York')).toMatchObject({
      initialValue: new PlainDate(19_723),
      endValue: new PlainDate(19_724),
    })
    expect(join({ initialValue: new PreciseDateTime(0n, false) }, 'Europe/Berlin').initialValue).toEqual(
      new PreciseDateTime(BigInt(seconds + 3600) * 1_000_000n, false),
    )
  })

  it('counts whole seconds for whole numbers, and fractions for fractions', () => {
    const interval = { start: new Date(1500), end: new Date(2750), timeZone: 'UTC' }
    const joined = (initialValue: unknown) =>
      joinInterval(
        { cursorPath: 'at', allowExternalSchedulers: true, initialValue },
        { interval, timeZone: 'UTC' },
        'r',
      )
    expect(joined(0)).toMatchObject({ initialValue: 1, endValue: 2 })
    expect(joined(0n)).toMatchObject({ initialValue: 1n, endValue: 2n })
    expect(joined(0.5)).toMatchObject({ initialValue: 1.5, endValue: 2.75 })
  })

  it('stays within the declared range', () => {
    const later = new Date('2024-01-02T12:00:00Z')
    expect(join({ initialValue: later })).toMatchObject({ initialValue: later, endValue: end })
    expect(join({ initialValue: new Date(0), endValue: later })).toMatchObject({ initialValue: start, endValue: later })
    expect(join({ initialValue: new Date(0), endValue: new Date('2025-01-01') })).toMatchObject({ endValue: end })
    const newest = ([first, second]: readonly unknown[]) => (Number(first) >= Number(second ?? first) ? first : second)
    expect(join({ initialValue: later, lastValueFunc: newest })).toMatchObject({ initialValue: later, endValue: end })
    expect(join({ initialValue: 1, lastValueFunc: 'min' })).toMatchObject({ initialValue: 1 })
  })

  it('needs the permission of the options, else of the environment', () => {
    const options = { cursorPath: 'at', initialValue: 0 }
    const schedule = readExternalSchedule({ ...environment, DLT_ALLOW_EXTERNAL_SCHEDULERS: 'true' })
    expect(joinInterval(options, readExternalSchedule(environment), 'items')).toBe(options)
    expect(joinInterval(options, schedule, 'items')).toMatchObject({ endValue: seconds + 86_400 })
    const refused = { ...options, allowExternalSchedulers: false }
    expect(joinInterval(refused, schedule, 'items')).toBe(refused)
  })

  it('keeps no state', () => {
    const run = openIncremental(
      { cursorPath: 'at', initialValue: new Date(0), allowExternalSchedulers: true },
      {
        stored: { initial_value: null, last_value: new Date('2030-01-01'), unique_hashes: [], start_value: null },
        resource: 'items',
        schedule: readExternalSchedule(environment),
        warn: () => {},
      },
    )
    expect(run.view.startValue).toEqual(start)
    expect(run.view.endValue).toEqual(end)
    expect(
      [new Date(start.getTime() - 1), start, new Date(end.getTime() - 1), end].map((at) => run.admit({ at })),
    ).toEqual([false, true, true, false])
    expect(run.result()).toBeUndefined()
  })

  it('says that there is none', () => {
    const options = { cursorPath: 'at', initialValue: 0, allowExternalSchedulers: true }
    const error = errorOf(() => joinInterval(options, { timeZone: 'UTC' }, 'items'))
    expect(error.code).toBe('CONFIGURATION')
    expect(error.message).toBe(
      'Resource "items": its incremental takes its range from a scheduler, but there is none. Set DLT_INTERVAL_START and DLT_INTERVAL_END in the environment, or set allowExternalSchedulers: false.',
    )
  })

  it.each([
    [
      undefined,
      'there is no initialValue to tell its kind. Give a Date as initialValue, a PlainDate or a number of seconds',
    ],
    [
      '2024-01-01',
      'initialValue is a text. Turn the cursor into a Date with addMap and give a Date as initialValue, a PlainDate or a number of seconds',
    ],
  ])('refuses the initial value %s', (initialValue, what) => {
    const error = errorOf(() => join(initialValue === undefined ? {} : { initialValue }))
    expect(error.message).toBe(
      `Resource "items": its incremental takes its range from a scheduler, but ${what}; or set allowExternalSchedulers: false.`,
    )
  })
})
