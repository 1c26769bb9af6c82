import type { ColumnSummary, PackedBytes, PackedValues } from './page.ts'
import type { ValueKind } from './value-kind.ts'

/** What a summary says of how much room values need: columns of a declared precision are widened by it. */
export type ValueMeasures = Pick<ColumnSummary, 'longest' | 'digits'>

/** Measures the packed values of a kind; nothing for kinds of which all values need the same room, and for `integer`, which has a range. */
export function measureValues(kind: ValueKind, values: PackedValues): ValueMeasures {
  if (kind === 'text' && !ArrayBuffer.isView(values)) return { longest: measureTexts(values) }
  if ((kind === 'decimal' || kind === 'wei') && !ArrayBuffer.isView(values)) return { digits: measureDecimals(values) }
  if (kind === 'double' && values instanceof Float64Array) return { digits: measureDoubles(values) }
  return kind === 'bigint' && values instanceof BigInt64Array ? { digits: measureIntegers(values) } : {}
}

function measureTexts({ offsets, bytes }: PackedBytes): NonNullable<ValueMeasures['longest']> {
  let longest = 0
  let characters = 0
  for (let index = 1, start = offsets[0] ?? 0; index < offsets.length; index++) {
    const end = offsets[index] ?? start
    // No text has more characters than bytes, so that only those are counted that may be the longest.
    if (end - start > characters) characters = Math.max(characters, countCharacters(bytes, start, end))
    longest = Math.max(longest, end - start)
    start = end
  }
  return { characters, bytes: longest }
}

/** Every byte of UTF-8 begins a character, but those of the form 10xxxxxx. */
function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let index = start; index < end; index++) if (((bytes[index] ?? 0) & 0xc0) !== 0x80) count++
  return count
}

const decimalForm = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

function measureDecimals({ offsets, bytes }: PackedBytes): NonNullable<ValueMeasures['digits']> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let whole = 0
  let fraction = 0
  for (let index = 1; index < offsets.length; index++) {
    const [, before = '', after = '', exponent = '0'] =
      decimalForm.exec(text.toString('latin1', offsets[index - 1], offsets[index])) ?? []
    whole = Math.max(whole, before.length - leadingZeros(before) + Number(exponent))
    fraction = Math.max(fraction, after.length - trailingZeros(after) - Number(exponent))
  }
  return { whole, fraction }
}

function leadingZeros(digits: string): number {
  let count = 0
  while (digits[count] === '0') count++
  return count
}

function trailingZeros(digits: string): number {
  let count = 0
  while (digits[digits.length - 1 - count] === '0') count++
  return count
}

/** Fractions of doubles are rounded to the scale of a column, so that none of their digits count. */
function measureDoubles(values: Float64Array): NonNullable<ValueMeasures['digits']> {
  let largest = 0
  // By index: four times as fast as an iterator.
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index] ?? 0)
    if (size > largest) largest = size
  }
  return { whole: wholeDigits(largest), fraction: 0 }
}

function measureIntegers(values: BigInt64Array): NonNullable<ValueMeasures['digits']> {
  let least = 0n
  let largest = 0n
  for (const value of values) {
    if (value > largest) largest = value
    else if (value < least) least = value
  }
  const size = largest > -least ? largest : -least
  return { whole: size === 0n ? 0 : String(size).length, fraction: 0 }
}

/** How many digits stand before the point of a number that is not negative. */
export function wholeDigits(size: number): number {
  return size < 1 ? 0 : BigInt(Math.trunc(size)).toString().length
}
