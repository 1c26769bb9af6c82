/** Digits and decimal exponent of a finite number that is not zero: `d.ddd × 10^exponent`. */
function scientific(value: number): { readonly digits: string; readonly exponent: number } {
  const text = value.toExponential()
  const split = text.indexOf('e')
  return { digits: text.slice(0, split).replace('.', ''), exponent: Number(text.slice(split + 1)) }
}

function plainDigits(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return `${digits}${'0'.repeat(exponent + 1 - digits.length)}.0`
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

function layOut(value: number, smallestPlain: number, exponentDigits: number): string {
  const magnitude = Math.abs(value)
  // JavaScript writes these fractions in the same form.
  if (magnitude >= 0.0001 && magnitude < 1e16 && !Number.isInteger(value)) return String(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  if (value === 0) return `${sign}0.0`
  const { digits, exponent } = scientific(magnitude)
  if (exponent >= smallestPlain && exponent < 16) return sign + plainDigits(digits, exponent)
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
  const power = String(Math.abs(exponent)).padStart(exponentDigits, '0')
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${power}`
}

/**
 * A floating point number as the reference system writes it in JSON: the shortest digits that give the number back,
 * always recognisable as a fraction (`1.0`), with an exponent from `1e+16` up and `1e-6` down. `null` for NaN and infinities.
 */
export function floatText(value: number): string {
  return Number.isFinite(value) ? layOut(value, -5, 1) : 'null'
}

/** A floating point number as it becomes text in a column: like {@link floatText}, but `1e-05`, `nan` and `inf`. */
export function doubleAsText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return layOut(value, -4, 2)
}
