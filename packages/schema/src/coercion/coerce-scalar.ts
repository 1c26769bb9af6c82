import type { DataType } from '../data-type.ts'
import type { Coercer } from './coercer.ts'
import type { CoercionResult, ScalarValue } from './scalar-value.ts'
import { toBinary } from './to-binary.ts'
import { toBool } from './to-bool.ts'
import { toJson } from './to-json.ts'
import { toBigint, toDecimal, toDouble, toWei } from './to-numbers.ts'
import { toDate, toTime, toTimestamp } from './to-temporal.ts'
import { toText } from './to-text.ts'

const coercers: Readonly<Record<DataType, ReadonlyMap<string, Coercer>>> = {
  text: toText,
  double: toDouble,
  bool: toBool,
  timestamp: toTimestamp,
  bigint: toBigint,
  binary: toBinary,
  json: toJson,
  decimal: toDecimal,
  wei: toWei,
  date: toDate,
  time: toTime,
}

const refused: CoercionResult = { ok: false }

/**
 * The function that turns values of one data type into another; for loops over many values of a column. It returns
 * `undefined` for values without such a form and never throws. `undefined` for pairs of types that have no conversion,
 * and for equal types, where nothing is to be done.
 */
export function coercerBetween(to: DataType, from: DataType): Coercer | undefined {
  return coercers[to].get(from)
}

/**
 * Turns a value of one data type into another, as the reference system does when a column meets a value of another type.
 * Values that cannot be converted are refused, never thrown; they belong into a variant column. Integers beyond 64 bits
 * are refused for `bigint`, decimals that are not finite for `decimal` and `wei`, so that they do not fail at load.
 */
export function coerceScalar(to: DataType, from: DataType, value: ScalarValue): CoercionResult {
  if (to === from) return { ok: true, value }
  const coerced = coercers[to].get(from)?.(value)
  return coerced === undefined ? refused : { ok: true, value: coerced }
}
