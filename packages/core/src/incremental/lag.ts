import { DltError } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { compareKeys } from './compare-cursors.ts'
import { type Cursor, type CursorKey, cursorValue, kindName, microsecondsOf, readCursor } from './cursor-kind.ts'
import { type DateText, readDateText } from './date-text.ts'
import { instantOfWallClock, wallClockAt } from './time-zone.ts'

/** How far, and in which direction, the start moves. */
export interface Lag {
  readonly lag: number
  readonly lastValueFunc: 'max' | 'min'
  /** The incremental's own initial value: declares the unit, and is never crossed. */
  readonly initialValue: unknown
  /** IANA name of the zone in which whole days begin. */
  readonly timeZone: string
  readonly resource: string
}

const second = 1_000_000n
const day = 86_400n * second

/**
 * The value to start from: the last value moved back by the lag. The shift is in days for a date cursor, in seconds for a
 * date-time, as the initial value declares it, else as the value itself is. A text keeps its form.
 *
 * @throws DltError `DATA` for a value that cannot be shifted
 */
export function applyLag(options: Lag, last: Cursor): Cursor {
  const lagged = shift(options, last)
  const initial = readCursor(options.initialValue)
  if (initial === undefined) return lagged
  if (initial.kind !== lagged.kind) throw notComparable(options, last)
  const direction = options.lastValueFunc === 'max' ? 1 : -1
  return compareKeys(lagged.key, initial.key) * direction <= 0 ? initial : lagged
}

function shift(options: Lag, last: Cursor): Cursor {
  const { kind, key } = last
  if (kind === 'number') return { kind, key: shiftNumber(options, key) }
  if (kind === 'text') return { kind, key: shiftText(options, String(key)) }
  if (kind === 'time') throw notShiftable(options, 'a time of day')
  if (kind === 'date') return { kind, key: Number(key) + wholeDays(options) }
  const wall = microsecondsOf(key)
  if (!declaresDays(options)) return { kind, key: wall + seconds(options) }
  return { kind, key: kind === 'instant' ? shiftDays(options, wall) : boundaryOfDay(options, wall) }
}

function backwards({ lag, lastValueFunc }: Lag): number {
  return lastValueFunc === 'max' ? -lag : lag
}

function seconds(options: Lag): bigint {
  return BigInt(Math.round(backwards(options) * 1_000_000))
}

function wholeDays(options: Lag): number {
  return Math.floor(backwards(options))
}

/** A whole number stays whole; what the shift has of a fraction makes the stretch longer. */
function shiftNumber(options: Lag, key: CursorKey): CursorKey {
  const by = backwards(options)
  const outwards = (value: number): number => (options.lastValueFunc === 'max' ? Math.floor(value) : Math.ceil(value))
  if (typeof key === 'bigint') return key + BigInt(outwards(by))
  if (typeof key === 'number') return Number.isInteger(key) ? outwards(key + by) : key + by
  return new Decimal(key).plus(by)
}

/** Whether the initial value declares that the cursor is a day. */
function declaresDays({ initialValue }: Lag): boolean {
  if (typeof initialValue === 'string') return readDateText(initialValue)?.isDay ?? false
  return readCursor(initialValue)?.kind === 'date'
}

function declaresTime({ initialValue }: Lag): boolean {
  if (typeof initialValue === 'string') return readDateText(initialValue)?.isDay === false
  const kind = readCursor(initialValue)?.kind
  return kind === 'instant' || kind === 'wall-clock'
}

function shiftText(options: Lag, text: string): string {
  const read = readDateText(text)
  if (read === undefined) throw notShiftable(options, 'a text in no known form of a date or date-time')
  const inDays = declaresDays(options) || (read.isDay && !declaresTime(options))
  return read.write(inDays ? shiftTextInDays(options, read) : read.wall + seconds(options))
}

function shiftTextInDays(options: Lag, { isDay, wall, offset }: DateText): bigint {
  if (isDay) return wall + BigInt(wholeDays(options)) * day
  if (offset === undefined) return boundaryOfDay(options, wall)
  return shiftDays(options, wall - offset) + offset
}

/** The first (or, for `min`, the last) instant of the day, in the context's zone, to which the lag leads. */
function shiftDays(options: Lag, instant: bigint): bigint {
  const wall = boundaryOfDay(options, wallClockAt(instant, options.timeZone))
  return instantOfWallClock(wall, options.timeZone)
}

function boundaryOfDay(options: Lag, wall: bigint): bigint {
  const start = wall - (((wall % day) + day) % day) + BigInt(wholeDays(options)) * day
  return options.lastValueFunc === 'max' ? start : start + day - 1n
}

function notShiftable({ resource }: Lag, what: string): DltError {
  return new DltError(
    `Resource "${resource}": lag cannot shift the last value, which is ${what}. Use a number, a date or a date-time as cursor, for texts in a form like 2024-01-31T10:00:00Z, or remove lag.`,
    { code: 'DATA', context: { resource } },
  )
}

function notComparable({ resource, initialValue }: Lag, last: Cursor): DltError {
  return new DltError(
    `Resource "${resource}": the last value is ${kindName(cursorValue(last))}, but initialValue is ${kindName(initialValue)}, so lag cannot tell where to start. Give an initialValue of the cursor's kind.`,
    { code: 'DATA', context: { resource } },
  )
}
