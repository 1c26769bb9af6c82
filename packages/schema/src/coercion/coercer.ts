import type { ScalarValue } from './scalar-value.ts'

/** Turns a value of one data type into one of another; `undefined` when it has no such form. Never throws. */
export type Coercer = (value: ScalarValue) => ScalarValue | undefined

/** A coercer of texts; values that are none are refused. */
export function ofText(coerce: (text: string) => ScalarValue | undefined): Coercer {
  return (value) => (typeof value === 'string' ? coerce(value) : undefined)
}

/** A coercer of numbers; values that are none are refused. */
export function ofNumber(coerce: (value: number) => ScalarValue | undefined): Coercer {
  return (value) => (typeof value === 'number' ? coerce(value) : undefined)
}

/** A coercer of integers; values that are none are refused. */
export function ofBigint(coerce: (value: bigint) => ScalarValue | undefined): Coercer {
  return (value) => (typeof value === 'bigint' ? coerce(value) : undefined)
}

/** A coercer of days; values that are no whole numbers are refused. */
export function ofDays(coerce: (days: number) => ScalarValue | undefined): Coercer {
  return (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? coerce(value) : undefined)
}
