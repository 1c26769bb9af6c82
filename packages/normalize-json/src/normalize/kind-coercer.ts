import { type Coercer, coercerBetween, type DataType, type ScalarValue } from '@dlt/schema'
import { kindDataType, type PackedKind } from '../page/value-kind.ts'

/**
 * The function that turns values of a kind into those of a data type; it returns undefined for values without such a form.
 * Exact integers become fractions only where no digit is lost; numbers of JavaScript are fractions already.
 */
export function kindCoercer(kind: PackedKind, to: DataType): Coercer {
  if (to === 'double' && (kind === 'bigint' || kind === 'wei')) return exactDouble
  const from = kindDataType(kind)
  return from === to ? (value) => value : (coercerBetween(to, from) ?? refuse)
}

function exactDouble(value: ScalarValue): number | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'string') return undefined
  const integer = BigInt(value)
  const double = Number(integer)
  return BigInt(double) === integer ? double : undefined
}

/** Nothing of one type can become the other. */
function refuse(): undefined {
  return undefined
}
