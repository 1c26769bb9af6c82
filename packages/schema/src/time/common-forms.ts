import { decimalDigits } from './decimal-digits.ts'
import { clockMicroseconds, dayNumber, type IsoValue } from './iso-value.ts'

/** Dates with `/` or `:` between the parts, a year alone, and times with one-digit parts. */
const pattern =
  /^((\p{Nd}{4})(?:[/:]?(\p{Nd}{2})[/:]?(\p{Nd}{2}))?)?( ?(\p{Nd}{1,2}):(\p{Nd}{1,2})?(?::(\p{Nd}{1,2}))?(?:[.|,](\p{Nd}{1,9}))?)?$/u

const longest = 40

function number(digits: string | undefined, absent: number): number {
  return digits === undefined ? absent : Number(decimalDigits(digits))
}

function microseconds(fraction: string | undefined): number {
  return Number(
    decimalDigits(fraction ?? '')
      .slice(0, 6)
      .padEnd(6, '0'),
  )
}

/** Reads the forms that the reference system accepts beside ISO 8601, for instance `2021/01/02 10:00` or `2021`. */
export function scanCommonForm(text: string): IsoValue | undefined {
  const match = text.length > longest ? null : pattern.exec(text)
  if (match === null || text === '') return undefined
  const [, date, year, month, day, time, hour, minute, second, fraction] = match
  const clock =
    minute === undefined
      ? undefined
      : clockMicroseconds(number(hour, 0), number(minute, 0), number(second, 0), microseconds(fraction))
  if (time !== undefined && clock === undefined) return undefined
  if (date === undefined) return clock === undefined ? undefined : { kind: 'time', clock, offset: undefined }
  const days = dayNumber(number(year, 0), number(month, 1), number(day, 1))
  if (days === undefined) return undefined
  return clock === undefined ? { kind: 'date', days } : { kind: 'datetime', days, clock, offset: undefined }
}
