import { type ColumnVector, formatDate } from '@dlt/schema'
import { writeAscii, writeInteger, writePadded } from './digits.ts'
import { scalarText } from './scalar-text.ts'

/** Writes the text of the value in a row that is not null into a buffer; returns the place behind it. */
export type ScalarWriter = (bytes: Uint8Array, at: number, row: number) => number

/** How values of a column become bytes of ASCII. */
export interface ScalarBytes {
  /** Bytes of the longest text there can be. */
  readonly longest: number
  readonly write: ScalarWriter
}

const longestInteger = 20
const longestDecimal = 50
const longestFraction = 30
const longestTimestamp = 40
const secondMicroseconds = 1_000_000
const dayMicroseconds = 86_400 * secondMicroseconds
const [point, minus, colon, letterT, zero] = [0x2e, 0x2d, 0x3a, 0x54, 0x30]

/**
 * Writes the texts of {@link scalarText} without making them: digits go straight into the buffer. For columns of integers, decimals, fractions, days,
 * times, and instants.
 */
export function scalarBytes(vector: ColumnVector): ScalarBytes {
  const { column, data } = vector
  const text = scalarText(vector, () => '')
  const rare: ScalarWriter = (bytes, at, row) => writeAscii(bytes, at, text(row))
  if (data.layout === 'decimal128')
    return { longest: longestDecimal, write: decimalWriter(data.values, data.scale, rare) }
  if (data.layout === 'float64') return { longest: longestFraction, write: fractionWriter(data.values, rare) }
  if (data.layout !== 'int64') return { longest: longestTimestamp, write: rare }
  const halves = new Int32Array(data.values.buffer, data.values.byteOffset, data.values.length * 2)
  switch (column.data_type) {
    case 'time':
      return { longest: longestTimestamp, write: wholeNumbers(halves, rare, writeClock) }
    case 'timestamp':
      return { longest: longestTimestamp, write: wholeNumbers(halves, rare, instantWriter(column.timezone !== false)) }
    default:
      return { longest: longestInteger, write: wholeNumbers(halves, rare, writeInteger) }
  }
}

type NumberWriter = (bytes: Uint8Array, at: number, value: number) => number

/** Integers of 53 bits are numbers made of two halves: a bigint of each would cost more than its digits. Others are rare. */
function wholeNumbers(halves: Int32Array, rare: ScalarWriter, write: NumberWriter): ScalarWriter {
  return (bytes, at, row) => {
    const high = halves[row * 2 + 1] ?? 0
    if (high < -0x20_0000 || high >= 0x20_0000) return rare(bytes, at, row)
    return write(bytes, at, high * 0x1_0000_0000 + ((halves[row * 2] ?? 0) >>> 0))
  }
}

/** Microseconds since midnight as `01:02:03.000004`; the fraction only when there is one. */
function writeClock(bytes: Uint8Array, at: number, microseconds: number): number {
  const seconds = Math.floor(microseconds / secondMicroseconds)
  const fraction = microseconds - seconds * secondMicroseconds
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  writePadded(bytes, at, hours, 2)
  bytes[at + 2] = colon
  writePadded(bytes, at + 3, minutes - hours * 60, 2)
  bytes[at + 5] = colon
  writePadded(bytes, at + 6, seconds - minutes * 60, 2)
  if (fraction === 0) return at + 8
  bytes[at + 8] = point
  return writePadded(bytes, at + 9, fraction, 6)
}

/** Instants that follow one another are mostly of one day, whose text is kept. */
function instantWriter(zoned: boolean): NumberWriter {
  let keptDay: number | undefined
  let date = ''
  return (bytes, at, microseconds) => {
    // Of 53 bits, the quotient is never rounded up to an integer.
    const day = Math.floor(microseconds / dayMicroseconds)
    if (day !== keptDay) {
      keptDay = day
      date = formatDate(day)
    }
    let end = writeAscii(bytes, at, date)
    bytes[end] = letterT
    end = writeClock(bytes, end + 1, microseconds - day * dayMicroseconds)
    return zoned ? writeAscii(bytes, end, '+00:00') : end
  }
}

/**
 * Many fractions have few digits. One that is a whole number of millionths, of no more than fifteen digits, has no shorter text than those:
 * other texts of so few digits are other numbers.
 */
function fractionWriter(values: Float64Array, rare: ScalarWriter): ScalarWriter {
  return (bytes, at, row) => {
    const value = values[row] ?? 0
    const magnitude = Math.abs(value)
    const millionths = Math.round(magnitude * 1_000_000)
    // Smaller ones have an exponent, and zero may be negative.
    if (!(magnitude >= 0.001 && millionths < 1e15) || millionths / 1_000_000 !== magnitude) return rare(bytes, at, row)
    const start = value < 0 ? at + 1 : at
    if (value < 0) bytes[at] = minus
    let end = withPoint(bytes, start, writeInteger(bytes, start, millionths), 6)
    while (bytes[end - 1] === zero && bytes[end - 2] !== point) end--
    return end
  }
}

/** Always `scale` digits after the point. */
function decimalWriter(values: Uint8Array, scale: number, rare: ScalarWriter): ScalarWriter {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length / 4)
  return (bytes, at, row) => {
    const high = words[row * 4 + 1] ?? 0
    const sign = high >> 31
    const isShort = words[row * 4 + 2] === sign && words[row * 4 + 3] === sign
    if (!isShort || high < -0x20_0000 || high >= 0x20_0000) return rare(bytes, at, row)
    const value = high * 0x1_0000_0000 + ((words[row * 4] ?? 0) >>> 0)
    if (scale === 0) return writeInteger(bytes, at, value)
    const start = value < 0 ? at + 1 : at
    if (value < 0) bytes[at] = minus
    return withPoint(bytes, start, writeInteger(bytes, start, Math.abs(value)), scale)
  }
}

/** Puts a point before the last `scale` of the digits from `start` to before `end`, with zeros before them where they are too few. */
function withPoint(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const missing = Math.max(0, scale + 1 - (end - start))
  if (missing > 0) {
    bytes.copyWithin(start + missing, start, end)
    bytes.fill(zero, start, start + missing)
  }
  const last = end + missing
  for (let index = last; index > last - scale; index--) bytes[index] = bytes[index - 1] ?? 0
  bytes[last - scale] = point
  return last + 1
}
