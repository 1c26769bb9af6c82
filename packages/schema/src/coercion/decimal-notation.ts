/** A finite decimal number: `coefficient × 10^exponent`, with the digits as they were written. */
export interface DecimalNotation {
  readonly isNegative: boolean
  /** Digits without leading zeros; `0` for zero. */
  readonly digits: string
  readonly exponent: number
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const largestExponent = 999_999

/** Reads a plain or exponent decimal text in ASCII digits; `undefined` for anything else, also for NaN and infinities. */
export function parseDecimal(text: string): DecimalNotation | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const exponent = Number(power) - fraction.length
  if (Math.abs(exponent) > largestExponent) return undefined
  return { isNegative: sign === '-', digits: (whole + fraction).replace(/^0+(?=\d)/, ''), exponent }
}

/** The text of a decimal as the reference system writes it: plain, or with an exponent for large and small powers. */
export function decimalNotationText(value: DecimalNotation): string {
  const { digits, exponent } = value
  const sign = value.isNegative ? '-' : ''
  const adjusted = exponent + digits.length - 1
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return sign + digits
    const padded = digits.padStart(1 - exponent, '0')
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`
  }
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
  return `${sign}${mantissa}E${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`
}

/** Whether a decimal is zero, whatever its exponent. */
export function isZeroDecimal(value: DecimalNotation): boolean {
  return value.digits === '0' || /^0*$/.test(value.digits)
}

/**
 * The integer that a decimal is equal to; `undefined` when it has a fraction.
 *
 * @param mostDigits integers with more digits are refused too, before they are computed.
 */
export function decimalInteger(value: DecimalNotation, mostDigits: number): bigint | undefined {
  if (isZeroDecimal(value)) return 0n
  const significant = value.digits.replace(/0+$/, '')
  const exponent = value.exponent + value.digits.length - significant.length
  if (exponent < 0 || significant.length + exponent > mostDigits) return undefined
  const magnitude = BigInt(significant + '0'.repeat(exponent))
  return value.isNegative ? -magnitude : magnitude
}
