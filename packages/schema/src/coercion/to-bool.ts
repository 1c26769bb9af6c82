import { type Coercer, ofBigint, ofNumber, ofText } from './coercer.ts'
import { isZeroDecimal, parseDecimal } from './decimal-notation.ts'

const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'true', 't', 'y', '1'].map((word) => [word, true] as const),
  ...['no', 'false', 'f', 'n', '0'].map((word) => [word, false] as const),
])

function decimalToBool(text: string): boolean {
  const value = parseDecimal(text)
  return value === undefined || !isZeroDecimal(value)
}

/** Coercers to `bool`, by the data type they come from. */
export const toBool: ReadonlyMap<string, Coercer> = new Map([
  ['text', ofText((text) => (text.length > 5 ? undefined : words.get(text.toLowerCase())))],
  ['bigint', ofBigint((value) => value !== 0n)],
  ['double', ofNumber((value) => value !== 0)],
  ['decimal', ofText(decimalToBool)],
  ['wei', ofText(decimalToBool)],
])
