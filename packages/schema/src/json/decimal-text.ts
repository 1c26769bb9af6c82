import { Decimal } from 'decimal.js'

const sources = new WeakMap<Decimal, string>()

/**
 * A decimal whose text is remembered: `decimal.js` drops trailing zeros, but a stored `1.10` is written back as `1.10`.
 * `undefined` when the text is not a decimal number.
 */
export function decimalFromText(text: string): Decimal | undefined {
  try {
    const value = new Decimal(text)
    sources.set(value, text)
    return value
  } catch {
    return undefined
  }
}

/**
 * The text of a decimal: the text it was made of by {@link decimalFromText}, else all digits, with an exponent only for
 * fractions below 10^-6. `NaN`, `Infinity` and `-Infinity` as they are.
 */
export function decimalText(value: Decimal): string {
  const source = sources.get(value)
  if (source !== undefined) return source
  if (!value.isFinite()) return value.toString()
  if (value.isInteger() || value.e >= -6) return value.toFixed()
  return value.toExponential().replace('e', 'E')
}
