import { civilFromDays, dayMicroseconds } from './calendar.ts'

const dayLength = BigInt(dayMicroseconds)

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** A day, counted from 1970-01-01, in ISO form: `2024-01-02`. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function clockText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000)
  const fraction = microseconds - seconds * 1_000_000
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, '0')}`
}

/** A time of day in microseconds since midnight, in ISO form: `01:02:03.000004`; the fraction only when there is one. */
export function formatTime(microseconds: bigint): string {
  return clockText(Number(microseconds))
}

/** A wall-clock time in microseconds since 1970, in ISO form without an offset. */
export function formatDateTime(microseconds: bigint): string {
  const remainder = microseconds % dayLength
  const clock = remainder < 0n ? remainder + dayLength : remainder
  return `${formatDate(Number((microseconds - clock) / dayLength))}T${clockText(Number(clock))}`
}

/** An instant in microseconds since 1970 UTC, in ISO form: `2024-01-02T03:04:05.000006+00:00`. */
export function formatTimestamp(microseconds: bigint): string {
  return `${formatDateTime(microseconds)}+00:00`
}
