const widest = 38
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
/** Exponents beyond this cannot fit any precision, and would make huge numbers on the way. */
const longestExponent = 1000

/** Reads decimal text as an integer of `10^-scale` units; undefined when it is no number or has digits that do not fit. */
export function unscaledDecimal(
  text: string,
  precision: number,
  scale: number,
  rounding: 'exact' | 'nearest',
): bigint | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match
  const exponent = Number(exponentText)
  if (whole + fraction === '' || Math.abs(exponent) > longestExponent) return undefined
  const digits = BigInt(`${whole}${fraction}`)
  const shift = scale + exponent - fraction.length
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : divide(digits, 10n ** BigInt(-shift), rounding)
  if (size === undefined || size >= 10n ** BigInt(precision)) return undefined
  return sign === '-' ? -size : size
}

/** Divides when nothing is left over, or rounds half to even. */
function divide(digits: bigint, divisor: bigint, rounding: 'exact' | 'nearest'): bigint | undefined {
  const quotient = digits / divisor
  const rest = digits % divisor
  if (rest === 0n) return quotient
  if (rounding === 'exact') return undefined
  const twice = rest * 2n
  return twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient
}

/** Whether a precision has a layout of 16 bytes; wider ones are text. */
export function fitsDecimal128(precision: number): boolean {
  return precision <= widest
}

/** Writes integers as 128-bit numbers, little endian. */
export function packDecimal128(values: readonly bigint[]): Uint8Array {
  const halves = new BigUint64Array(values.length * 2)
  values.forEach((value, index) => {
    halves[2 * index] = BigInt.asUintN(64, value)
    halves[2 * index + 1] = BigInt.asUintN(64, value >> 64n)
  })
  return new Uint8Array(halves.buffer)
}

/** An unscaled decimal as plain text. */
export function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const point = digits.length - scale
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  return unscaled < 0n ? `-${text}` : text
}
