import { PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { temporalCursor } from './temporal-values.ts'

/** Kinds of values that can be ordered. Only values of one kind are compared. */
export type CursorKind = 'number' | 'text' | 'instant' | 'wall-clock' | 'date' | 'time'

/** What a value is ordered by: microseconds for instants, wall clocks and times, days for dates, otherwise the value. */
export type CursorKey = number | bigint | string | Decimal

/** A value that can be ordered, with what it is ordered by. */
export interface Cursor {
  readonly kind: CursorKind
  readonly key: CursorKey
}

/** A value as it is shown to user code and kept in the state. */
export type CursorValue = CursorKey | Date | PreciseDateTime | PlainDate | PlainTime

/** Milliseconds of which the microseconds are safe integers: until the year 2255. */
const safeMilliseconds = 9_000_000_000_000

/** Reads a value as a cursor; `undefined` for what has no order: booleans, lists, objects, NaN, infinities, invalid dates. */
export function readCursor(value: unknown): Cursor | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { kind: 'number', key: value } : undefined
  if (typeof value === 'string') return { kind: 'text', key: value }
  if (typeof value === 'bigint') return { kind: 'number', key: value }
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Date) {
    const key = dateKey(value)
    return key === undefined ? undefined : { kind: 'instant', key }
  }
  return readObject(value)
}

function readObject(value: object): Cursor | undefined {
  if (value instanceof PreciseDateTime) {
    return { kind: value.isInstant ? 'instant' : 'wall-clock', key: value.microseconds }
  }
  if (value instanceof PlainDate) return { kind: 'date', key: value.days }
  if (value instanceof PlainTime) return { kind: 'time', key: value.microseconds }
  if (Decimal.isDecimal(value)) return value.isFinite() ? { kind: 'number', key: value } : undefined
  return temporalCursor(value)
}

/** Microseconds of a `Date`; `undefined` when it is invalid. */
export function dateKey(value: Date): number | bigint | undefined {
  const milliseconds = value.getTime()
  if (Math.abs(milliseconds) <= safeMilliseconds) return milliseconds * 1000
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1000n
}

/** The value of a cursor: a `Date` for an instant in whole milliseconds, otherwise a value that typed JSON knows. */
export function cursorValue({ kind, key }: Cursor): CursorValue {
  if (kind === 'number' || kind === 'text') return key
  if (kind === 'date') return new PlainDate(Number(key))
  const microseconds = microsecondsOf(key)
  if (kind === 'time') return new PlainTime(microseconds)
  return kind === 'instant' ? instantValue(microseconds) : new PreciseDateTime(microseconds, false)
}

function instantValue(microseconds: bigint): Date | PreciseDateTime {
  if (microseconds % 1000n !== 0n) return new PreciseDateTime(microseconds, true)
  return new Date(Number(microseconds / 1000n))
}

/** The key of an instant, wall clock or time as a `bigint`. */
export function microsecondsOf(key: CursorKey): bigint {
  return typeof key === 'bigint' ? key : BigInt(String(key))
}

const kindNames: Readonly<Record<CursorKind, string>> = {
  number: 'a number',
  text: 'a text',
  instant: 'a date-time with a time zone',
  'wall-clock': 'a date-time without a time zone',
  date: 'a date',
  time: 'a time of day',
}

/** The kind of a value in words, for errors. */
export function kindName(value: unknown): string {
  const cursor = readCursor(value)
  if (cursor !== undefined) return kindNames[cursor.kind]
  if (typeof value === 'number' || Decimal.isDecimal(value)) return 'a number that is not finite'
  if (value instanceof Date) return 'an invalid Date'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
