import { writeInt64 } from './int64.ts'

const zero = 48
const dash = 45
const colon = 58
const plus = 43
const upperT = 84
const upperZ = 90
const space = 32
const point = 46
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Days around 1970 within which microseconds are exact as a JavaScript number. */
const exactDays = 104_000
const dayMicroseconds = 86_400_000_000

/**
 * Reads a timestamp in its common form, `YYYY-MM-DDTHH:MM:SS[.f…][Z|±HH:MM]`, straight from UTF-8 bytes and writes its
 * microseconds. False for any other form, and for years in which a number is not exact: the general parser takes those.
 */
export function writeTimestamp(
  bytes: Uint8Array,
  start: number,
  end: number,
  halves: Uint32Array,
  index: number,
): boolean {
  if (end - start < 19 || !hasFixedMarks(bytes, start)) return false
  const days = readDays(bytes, start)
  const clock = readClock(bytes, start + 11)
  if (Number.isNaN(days) || Number.isNaN(clock) || Math.abs(days) > exactDays) return false
  let position = start + 19
  let fraction = 0
  if (position < end && bytes[position] === point) {
    const fractionEnd = digitsEnd(bytes, position + 1, end)
    if (fractionEnd === position + 1) return false
    fraction = readFraction(bytes, position + 1, fractionEnd)
    position = fractionEnd
  }
  const offset = readOffset(bytes, position, end)
  if (Number.isNaN(offset)) return false
  writeInt64(halves, index, days * dayMicroseconds + (clock - offset) * 1_000_000 + fraction)
  return true
}

function hasFixedMarks(bytes: Uint8Array, start: number): boolean {
  const separator = bytes[start + 10]
  return (
    bytes[start + 4] === dash &&
    bytes[start + 7] === dash &&
    (separator === upperT || separator === space) &&
    bytes[start + 13] === colon &&
    bytes[start + 16] === colon
  )
}

/** Two digits as a number; NaN when one is no digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero
  const ones = (bytes[at + 1] ?? 0) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days since 1970; NaN for a date that does not exist. */
function readDays(bytes: Uint8Array, at: number): number {
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2)
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0
  if (day > (daysInMonth[month - 1] ?? 0) + leap) return Number.NaN
  // Counting years from March puts the leap day last (Howard Hinnant, "chrono-compatible low-level date algorithms").
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Seconds since midnight; NaN for a time that does not exist. */
function readClock(bytes: Uint8Array, at: number): number {
  const hour = twoDigits(bytes, at)
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  return hour <= 23 && minute <= 59 && second <= 59 ? hour * 3600 + minute * 60 + second : Number.NaN
}

function digitsEnd(bytes: Uint8Array, from: number, end: number): number {
  let position = from
  while (position < end) {
    const digit = (bytes[position] ?? 0) - zero
    if (digit < 0 || digit > 9) break
    position += 1
  }
  return position
}

/** Microseconds; further digits are cut off. */
function readFraction(bytes: Uint8Array, from: number, end: number): number {
  let microseconds = 0
  for (let digit = 0; digit < 6; digit++) {
    const position = from + digit
    microseconds = microseconds * 10 + (position < end ? (bytes[position] ?? zero) - zero : 0)
  }
  return microseconds
}

/** Seconds east of UTC; none is UTC; NaN for anything else. */
function readOffset(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0
  const sign = bytes[at]
  if (sign === upperZ) return at + 1 === end ? 0 : Number.NaN
  if ((sign !== plus && sign !== dash) || at + 6 !== end || bytes[at + 3] !== colon) return Number.NaN
  const hours = twoDigits(bytes, at + 1)
  const minutes = twoDigits(bytes, at + 4)
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN
  return (sign === plus ? 1 : -1) * (hours * 3600 + minutes * 60)
}
