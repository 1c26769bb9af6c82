import { describe, expect, it } from 'vitest'
import { instantOfWallClock, isTimeZone, wallClockAt } from '../../src/incremental/time-zone.ts'

const micros = (text: string): bigint => BigInt(Date.parse(`${text}Z`)) * 1000n

describe('the clock of a zone', () => {
  // Values of Python's zoneinfo, fold=0.
  it.each([
    ['UTC', '2024-07-01T12:00:00', '2024-07-01T12:00:00'],
    ['Europe/Berlin', '2024-07-01T12:00:00', '2024-07-01T14:00:00'],
    ['Europe/Berlin', '2024-01-01T12:00:00', '2024-01-01T13:00:00'],
    ['America/New_York', '2024-07-01T02:00:00', '2024-06-30T22:00:00'],
    ['Asia/Kolkata', '2024-07-01T12:00:00', '2024-07-01T17:30:00'],
    ['Asia/Kolkata', '1969-12-31T23:59:59', '1970-01-01T05:29:59'],
  ])('in %s: %s is %s', (zone, instant, wall) => {
    expect(wallClockAt(micros(instant), zone)).toBe(micros(wall))
    expect(instantOfWallClock(micros(wall), zone)).toBe(micros(instant))
  })

  it('keeps microseconds', () => {
    expect(wallClockAt(micros('2024-01-01T00:00:00') + 7n, 'Europe/Berlin')).toBe(micros('2024-01-01T01:00:00') + 7n)
    expect(wallClockAt(-1n, 'Asia/Kolkata')).toBe(micros('1970-01-01T05:30:00') - 1n)
  })

  it('goes back behind the year 1', () => {
    const instant = micros('0001-01-01T00:00:00')
    const wall = wallClockAt(instant, 'America/New_York')
    expect(wall).toBe(instant - 17_762_000_000n)
    expect(instantOfWallClock(wall, 'America/New_York')).toBe(instant)
  })

  it('takes the earlier of two instants, and the offset before a gap', () => {
    expect(instantOfWallClock(micros('2024-10-27T02:30:00'), 'Europe/Berlin')).toBe(micros('2024-10-27T00:30:00'))
    expect(instantOfWallClock(micros('2024-03-31T02:30:00'), 'Europe/Berlin')).toBe(micros('2024-03-31T01:30:00'))
    expect(instantOfWallClock(micros('2024-03-31T03:30:00'), 'Europe/Berlin')).toBe(micros('2024-03-31T01:30:00'))
  })

  it('knows IANA names only', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true)
    expect(isTimeZone('UTC')).toBe(true)
    expect(isTimeZone('Mars/Base')).toBe(false)
    expect(isTimeZone('+02:00')).toBe(false)
    expect(isTimeZone('')).toBe(false)
  })
})
