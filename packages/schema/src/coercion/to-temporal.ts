import { firstDay, lastDay } from '../time/calendar.ts'
import { parseIsoLike, parseIsoTime, parseIsoTimestamp } from '../time/iso.ts'
import { instant } from '../time/iso-value.ts'
import { type Coercer, ofBigint, ofDays, ofNumber, ofText } from './coercer.ts'
import { numericText, parseFloatText } from './python-numbers.ts'

const dayLength = 86_400_000_000n
const firstSecond = firstDay * 86_400
const endSecond = (lastDay + 1) * 86_400

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

/** Unix seconds; fractions are rounded to microseconds, halves to the even one. */
function secondsToTimestamp(seconds: number): bigint | undefined {
  if (!(seconds >= firstSecond && seconds < endSecond)) return undefined
  const whole = Math.trunc(seconds)
  const total = BigInt(whole) * 1_000_000n + BigInt(roundHalfEven((seconds - whole) * 1_000_000))
  return total < BigInt(endSecond) * 1_000_000n ? total : undefined
}

function bigintToTimestamp(seconds: bigint): bigint | undefined {
  return seconds >= BigInt(firstSecond) && seconds < BigInt(endSecond) ? seconds * 1_000_000n : undefined
}

/** A date-time, a date (midnight), or Unix seconds as text. */
function textToTimestamp(text: string): bigint | undefined {
  const timestamp = parseIsoTimestamp(text)
  if (timestamp !== undefined) return timestamp
  const parsed = parseIsoLike(text)
  if (parsed?.kind === 'date') return instant(parsed.days, 0, 0)
  if (parsed !== undefined) return undefined
  const seconds = parseFloatText(numericText(text))
  return seconds === undefined ? undefined : secondsToTimestamp(seconds)
}

function timestampToDate(microseconds: bigint): number {
  const remainder = microseconds % dayLength
  return Number((microseconds - (remainder < 0n ? remainder + dayLength : remainder)) / dayLength)
}

function dayOf(timestamp: bigint | undefined): number | undefined {
  return timestamp === undefined ? undefined : timestampToDate(timestamp)
}

/** Coercers to `timestamp`, by the data type they come from. */
export const toTimestamp: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText(textToTimestamp)],
  ['bigint', ofBigint(bigintToTimestamp)],
  ['double', ofNumber(secondsToTimestamp)],
  ['date', ofDays((days) => instant(days, 0, 0))],
])

/** Coercers to `date`, by the data type they come from. */
export const toDate: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText((text) => dayOf(textToTimestamp(text)))],
  ['timestamp', ofBigint(timestampToDate)],
  ['bigint', ofBigint((seconds) => dayOf(bigintToTimestamp(seconds)))],
  ['double', ofNumber((seconds) => dayOf(secondsToTimestamp(seconds)))],
])

/** Coercers to `time`, by the data type they come from. */
export const toTime: ReadonlyMap<string, Coercer> = new Map([['text', ofText(parseIsoTime)]])
