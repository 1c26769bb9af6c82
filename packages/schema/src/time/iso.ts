import { dayMicroseconds, daysFromCivil, daysInMonth } from './calendar.ts'
import { scanCommonForm } from './common-forms.ts'
import { scanIso } from './iso-scanner.ts'
import { type IsoValue, instant } from './iso-value.ts'

/** Whether a text can be anything of ISO: it begins with a digit (of any script) or `T`. Keeps most texts from being scanned. */
function mayBeIso(text: string): boolean {
  const first = text.charCodeAt(0)
  return (first >= 48 && first <= 57) || first === 84 || first === 32 || first > 127
}

/** Reads any date, time or date-time that the reference system knows. */
export function parseIsoLike(text: string): IsoValue | undefined {
  return mayBeIso(text) ? (scanIso(text) ?? scanCommonForm(text)) : undefined
}

function twoDigits(text: string, position: number): number {
  const tens = text.charCodeAt(position) - 48
  const ones = text.charCodeAt(position + 1) - 48
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones
}

/** Position after the fraction of a second that begins at `position` with a point; -1 when it has no digits. */
function fractionEnd(text: string, position: number): number {
  let next = position + 1
  while (next < text.length && text.charCodeAt(next) >= 48 && text.charCodeAt(next) <= 57) next++
  return next === position + 1 ? -1 : next
}

function fractionMicroseconds(text: string, start: number, end: number): number {
  let value = 0
  for (let index = 0; index < 6; index++) {
    const position = start + index
    value = value * 10 + (position < end ? text.charCodeAt(position) - 48 : 0)
  }
  return value
}

const refusedOffset = Number.NaN

/** Seconds east of UTC for nothing, `Z` or `+hh:mm` at `position`; NaN for anything else. */
function commonOffset(text: string, position: number): number {
  if (position === text.length) return 0
  const sign = text.charCodeAt(position)
  if (sign === 90) return position + 1 === text.length ? 0 : refusedOffset
  if ((sign !== 43 && sign !== 45) || text.length !== position + 6 || text.charCodeAt(position + 3) !== 58) {
    return refusedOffset
  }
  const hours = twoDigits(text, position + 1)
  const minutes = twoDigits(text, position + 4)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return refusedOffset
  return (sign === 45 ? -60 : 60) * (hours * 60 + minutes)
}

/** The form that nearly all data has: `2024-01-02T03:04:05`, with or without fraction and offset. */
function parseCommonTimestamp(text: string): bigint | undefined {
  if (text.length < 19 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const separator = text.charCodeAt(10)
  if ((separator !== 84 && separator !== 32) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return undefined
  const century = twoDigits(text, 0)
  const yearOfCentury = twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  if (century < 0 || yearOfCentury < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return undefined
  const year = century * 100 + yearOfCentury
  if (year < 1 || hour > 23 || minute > 59 || second > 59 || day > daysInMonth(year, month)) return undefined
  const hasFraction = text.charCodeAt(19) === 46
  const offsetStart = hasFraction ? fractionEnd(text, 19) : 19
  if (offsetStart < 0) return undefined
  const offset = commonOffset(text, offsetStart)
  if (Number.isNaN(offset)) return undefined
  const fraction = hasFraction ? fractionMicroseconds(text, 20, offsetStart) : 0
  const clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
  return instant(daysFromCivil(year, month, day), clock, offset)
}

/**
 * The instant of a text that is a date *and* time, in microseconds since 1970 UTC; this is what autodetection takes for a
 * timestamp. A missing offset counts as UTC. `undefined` for dates, times, anything else, and outside the years 1..9999.
 */
export function parseIsoTimestamp(text: string): bigint | undefined {
  const common = parseCommonTimestamp(text)
  if (common !== undefined) return common
  const parsed = parseIsoLike(text)
  return parsed?.kind === 'datetime' ? instant(parsed.days, parsed.clock, parsed.offset ?? 0) : undefined
}

/** Like {@link parseIsoTimestamp}, telling whether the text has an offset. */
export function parseIsoDateTime(text: string): { microseconds: bigint; hasOffset: boolean } | undefined {
  const parsed = parseIsoLike(text)
  if (parsed?.kind !== 'datetime') return undefined
  const microseconds = instant(parsed.days, parsed.clock, parsed.offset ?? 0)
  return microseconds === undefined ? undefined : { microseconds, hasOffset: parsed.offset !== undefined }
}

/** Days since 1970 of a text that is a date without a time; this is what autodetection takes for a date. */
export function parseIsoDate(text: string): number | undefined {
  const parsed = parseIsoLike(text)
  return parsed?.kind === 'date' ? parsed.days : undefined
}

/** Microseconds since midnight in UTC of a text that is a time without a date. */
export function parseIsoTime(text: string): bigint | undefined {
  const parsed = parseIsoLike(text)
  if (parsed?.kind !== 'time') return undefined
  const shifted = (parsed.clock - (parsed.offset ?? 0) * 1_000_000) % dayMicroseconds
  return BigInt(shifted < 0 ? shifted + dayMicroseconds : shifted)
}
