/**
 * A value of a column in a form that depends on its data type alone:
 *
 * | data type | value |
 * |---|---|
 * | text | the text |
 * | bool | boolean |
 * | bigint | bigint |
 * | double | number |
 * | decimal, wei | decimal text, plain or with an exponent; trailing zeros count |
 * | timestamp | bigint: microseconds since 1970 in UTC |
 * | time | bigint: microseconds since midnight |
 * | date | number: days since 1970 |
 * | binary | bytes |
 * | json | JSON text |
 */
export type ScalarValue = string | boolean | bigint | number | Uint8Array

/** What coercing a value came to. */
export type CoercionResult = { readonly ok: true; readonly value: ScalarValue } | { readonly ok: false }
