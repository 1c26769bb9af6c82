import { Decimal } from 'decimal.js'
import { compareKeys } from './compare-cursors.ts'

type Numeric = number | bigint | Decimal

/**
 * A number in the type that `model` has, so that a cursor is of one type in the first run, which has the initial value, and in later
 * ones, which have what the state holds. The value itself where `model` is no number, or its type cannot hold all digits.
 */
export function likeNumber<Value>(value: Value, model: unknown): Value | Numeric {
  if (!isNumeric(value)) return value
  if (Decimal.isDecimal(model)) return new Decimal(String(value))
  if (typeof model === 'bigint') return wholeNumber(value) ?? value
  if (typeof model !== 'number') return value
  const number = Number(value)
  return compareKeys(number, value) === 0 ? number : value
}

function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || Decimal.isDecimal(value)
}

function wholeNumber(value: Numeric): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  const exact = new Decimal(String(value))
  return exact.isInteger() ? BigInt(exact.toFixed()) : undefined
}
