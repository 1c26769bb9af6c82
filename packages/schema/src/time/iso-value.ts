import { daysFromCivil, daysInMonth, firstDay, lastDay } from './calendar.ts'

/** What an ISO-like text stands for. */
export type IsoValue =
  | {
      readonly kind: 'datetime'
      readonly days: number
      /** Microseconds since midnight, by the clock of the text. */
      readonly clock: number
      /** Seconds east of UTC; absent when the text has no offset. */
      readonly offset: number | undefined
    }
  | { readonly kind: 'date'; readonly days: number }
  | { readonly kind: 'time'; readonly clock: number; readonly offset: number | undefined }

/** Days since 1970 of a date; `undefined` when the calendar has no such date, or the year is not within 1..9999. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  if (year < 1 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}

/** Microseconds since midnight; `undefined` when a clock shows no such time. */
export function clockMicroseconds(hour: number, minute: number, second: number, fraction: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
}

/**
 * Microseconds since 1970 in UTC; a missing offset counts as UTC. `undefined` outside the years 1..9999.
 *
 * @param days days since 1970.
 * @param clock microseconds since midnight.
 * @param offset seconds east of UTC.
 */
export function instant(days: number, clock: number, offset: number): bigint | undefined {
  const seconds = days * 86_400 + Math.floor(clock / 1_000_000) - offset
  if (seconds < firstDay * 86_400 || seconds >= (lastDay + 1) * 86_400) return undefined
  const fraction = clock % 1_000_000
  const microseconds = seconds * 1_000_000 + fraction
  return Number.isSafeInteger(microseconds) ? BigInt(microseconds) : BigInt(seconds) * 1_000_000n + BigInt(fraction)
}
