import { strip } from '../naming/python-text.ts'
import { decimalDigits } from '../time/decimal-digits.ts'

const mostDigits = 4300
const integer = /^[+-]?\d+(?:_\d+)*$/
const hexadecimal = /^([+-]?)(?:0[xX]_?)?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/
const floating = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/
const special = /^([+-]?)(inf(?:inity)?|nan)$/i

/** A text as numbers are read from it: without white space at the ends, with ASCII digits. */
export function numericText(text: string): string {
  const stripped = strip(text)
  return /[^\0-\x7f]/.test(stripped) ? decimalDigits(stripped) : stripped
}

/** Reads a decimal integer: an optional sign, digits, single `_` between them. */
export function parseIntegerText(text: string): bigint | undefined {
  if (text.length > mostDigits || !integer.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  return BigInt(digits.startsWith('+') ? digits.slice(1) : digits)
}

/** Reads what follows `0x`: an optional sign and hexadecimal digits. */
export function parseHexadecimalText(text: string): bigint | undefined {
  const match = hexadecimal.exec(strip(text))
  if (match === null) return undefined
  const magnitude = BigInt(`0x${(match[2] ?? '').replaceAll('_', '')}`)
  return match[1] === '-' ? -magnitude : magnitude
}

/** Reads a floating point number; also `inf`, `infinity` and `nan`. */
export function parseFloatText(text: string): number | undefined {
  if (floating.test(text)) return Number(text.replaceAll('_', ''))
  const match = special.exec(text)
  if (match === null) return undefined
  if (match[2]?.toLowerCase() === 'nan') return Number.NaN
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
