import type { ResultColumn, ResultSchema } from '@dlt/destination'
import {
  decimalFromText,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  parseExactly,
  parseIsoDate,
  parseIsoTime,
  parseIsoTimestamp,
} from '@dlt/schema'

type ReadValue = (value: unknown) => unknown

/** Milliseconds that a `Date` can hold. */
const longestDate = 8_640_000_000_000_000
const longestSafe = BigInt(Number.MAX_SAFE_INTEGER)

const readInteger: ReadValue = (value) => {
  const integer = typeof value === 'string' ? BigInt(value) : value
  if (typeof integer !== 'bigint') return integer
  return integer <= longestSafe && integer >= -longestSafe ? Number(integer) : integer
}

const microsecondsOf = (value: unknown, parse: (text: string) => bigint | undefined): bigint | undefined => {
  if (typeof value === 'bigint') return value
  return typeof value === 'string' ? parse(value) : undefined
}

const readInstant: ReadValue = (value) => {
  const microseconds = microsecondsOf(value, parseIsoTimestamp)
  if (microseconds === undefined) return value
  // Until the year 2255 they are safe as a number, and numbers are much faster.
  const safe = microseconds <= longestSafe && microseconds >= -longestSafe
  const rest = safe ? Number(microseconds) % 1000 : Number(microseconds % 1000n)
  const milliseconds = safe ? Number(microseconds) / 1000 : Number(microseconds / 1000n)
  return rest === 0 && Math.abs(milliseconds) <= longestDate
    ? new Date(milliseconds)
    : new PreciseDateTime(microseconds, true)
}

const readWallClock: ReadValue = (value) => {
  const microseconds = microsecondsOf(value, parseIsoTimestamp)
  return microseconds === undefined ? value : new PreciseDateTime(microseconds, false)
}

const readTime: ReadValue = (value) => {
  const microseconds = microsecondsOf(value, parseIsoTime)
  return microseconds === undefined ? value : new PlainTime(microseconds)
}

const readDate: ReadValue = (value) => {
  const days = typeof value === 'string' ? parseIsoDate(value) : undefined
  return days === undefined ? value : new PlainDate(days)
}

const readDecimal: ReadValue = (value) => (typeof value === 'string' ? (decimalFromText(value) ?? value) : value)

const readJson: ReadValue = (value) => (typeof value === 'string' ? parseExactly(value) : value)

const readers: { readonly [type in ResultSchema['data_type']]: ReadValue | undefined } = {
  text: undefined,
  bool: undefined,
  double: undefined,
  binary: undefined,
  bigint: readInteger,
  decimal: readDecimal,
  wei: readDecimal,
  timestamp: readInstant,
  date: readDate,
  time: readTime,
  json: readJson,
}

const readerOf = ({ data_type: type, timezone }: ResultSchema): ReadValue | undefined =>
  type === 'timestamp' && timezone === false ? readWallClock : readers[type]

/**
 * The values of a column as rows hold them, by the rule that holds for state and cursors, too: integers are numbers, or `bigint` beyond
 * 2^53; instants are `Date`, or `PreciseDateTime` where they have microseconds; wall-clock times are `PreciseDateTime`, dates and times
 * of day `PlainDate` and `PlainTime`, decimals `Decimal`; JSON is parsed. A text that is none of these stays as it is.
 */
export const columnValues = ({ column, values }: ResultColumn): readonly unknown[] => {
  const read = readerOf(column)
  return read === undefined ? values : values.map((value) => (value === null ? null : read(value)))
}
