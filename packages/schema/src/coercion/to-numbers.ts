import { doubleAsText } from '../json/float-text.ts'
import { type Coercer, ofBigint, ofNumber, ofText } from './coercer.ts'
import { decimalInteger, decimalNotationText, parseDecimal } from './decimal-notation.ts'
import { numericText, parseFloatText, parseHexadecimalText, parseIntegerText } from './python-numbers.ts'

const smallest = -(2n ** 63n)
const largest = 2n ** 63n - 1n

/** Integers beyond 64 bits have no place in the column; they go to a variant column instead of failing at load. */
function inRange(value: bigint | undefined): bigint | undefined {
  return value !== undefined && value >= smallest && value <= largest ? value : undefined
}

function hexadecimal(text: string): bigint | undefined {
  return parseHexadecimalText(text.slice(2))
}

function textToBigint(text: string): bigint | undefined {
  const trimmed = numericText(text)
  return inRange(trimmed.startsWith('0x') ? hexadecimal(trimmed) : parseIntegerText(trimmed))
}

function decimalToBigint(text: string): bigint | undefined {
  const value = parseDecimal(text)
  return value === undefined ? undefined : inRange(decimalInteger(value, 19))
}

function bigintToDouble(value: bigint): number | undefined {
  const double = Number(value)
  return Number.isFinite(double) ? double : undefined
}

function textToDouble(text: string): number | undefined {
  const trimmed = numericText(text)
  if (!trimmed.startsWith('0x')) return parseFloatText(trimmed)
  const integer = hexadecimal(trimmed)
  return integer === undefined ? undefined : bigintToDouble(integer)
}

function normalDecimal(text: string): string | undefined {
  const value = parseDecimal(text)
  return value === undefined ? undefined : decimalNotationText(value)
}

function textToDecimal(text: string): string | undefined {
  const trimmed = numericText(text)
  return trimmed.startsWith('0x') ? hexadecimal(trimmed)?.toString() : normalDecimal(trimmed.replaceAll('_', ''))
}

function doubleToDecimal(value: number): string | undefined {
  return normalDecimal(doubleAsText(value))
}

/** Coercers to `bigint`, by the data type they come from. */
export const toBigint: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText(textToBigint)],
  ['double', ofNumber((value) => (Number.isInteger(value) ? inRange(BigInt(value)) : undefined))],
  ['decimal', ofText(decimalToBigint)],
  ['wei', ofText(decimalToBigint)],
])

/** Coercers to `double`, by the data type they come from. */
export const toDouble: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText(textToDouble)],
  ['bigint', ofBigint(bigintToDouble)],
  ['decimal', ofText(parseFloatText)],
  ['wei', ofText(parseFloatText)],
])

const toAnyDecimal: readonly (readonly [string, Coercer])[] = [
  ['text', ofText(textToDecimal)],
  ['bigint', ofBigint((value) => value.toString())],
  ['double', ofNumber(doubleToDecimal)],
]

/** Coercers to `decimal`, by the data type they come from. */
export const toDecimal: ReadonlyMap<string, Coercer> = new Map([...toAnyDecimal, ['wei', ofText((value) => value)]])

/** Coercers to `wei`, by the data type they come from. */
export const toWei: ReadonlyMap<string, Coercer> = new Map([...toAnyDecimal, ['decimal', ofText((value) => value)]])
