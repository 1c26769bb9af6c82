import type { ReadParameter } from '@dlt/destination'
import { DltError, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import {
  BIGINT,
  blobValue,
  DOUBLE,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
} from '@duckdb/node-api'

const mostDigits = 38

const refused = (what: string): DltError =>
  new DltError(`${what} cannot be a parameter of a query.`, { code: 'DATA', context: { destination: 'duckdb' } })

/** Digits and a point; the type that holds exactly them. */
const decimalOf = (text: string): DuckDBDecimalValue => {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '')
  const width = Math.max(digits.length, fraction.length, 1)
  if (whole === '' || width > mostDigits) throw refused(`A decimal of more than ${mostDigits} digits`)
  return new DuckDBDecimalValue(BigInt(`${sign}${digits}`), width, fraction.length)
}

const isDecimal = (value: object): value is { toFixed(): string } =>
  'toFixed' in value && typeof value.toFixed === 'function'

const objectValue = (value: object): DuckDBValue => {
  if (value instanceof Uint8Array) return blobValue(value)
  if (value instanceof Date && !Number.isNaN(value.getTime()))
    return new DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n)
  if (value instanceof PreciseDateTime)
    return value.isInstant
      ? new DuckDBTimestampTZValue(value.microseconds)
      : new DuckDBTimestampValue(value.microseconds)
  if (value instanceof PlainDate) return new DuckDBDateValue(value.days)
  if (value instanceof PlainTime) return new DuckDBTimeValue(value.microseconds)
  if (isDecimal(value)) return decimalOf(value.toFixed())
  throw refused('An object of an unknown kind')
}

/** A value as DuckDB binds it, and its type where DuckDB would guess it wrongly. */
export interface StatementValue {
  readonly value: DuckDBValue
  readonly type?: DuckDBType
}

const isLong = (value: bigint): boolean => BigInt.asIntN(64, value) === value

/** Integers are integers, whatever they are made of; other numbers are doubles, also those that are too large for an integer. */
const numberValue = (value: number | bigint): StatementValue => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return { value, type: DOUBLE }
  const integer = BigInt(value)
  return { value: integer, type: isLong(integer) ? BIGINT : HUGEINT }
}

const boundValue = (value: ReadParameter): StatementValue => {
  if (typeof value === 'number' || typeof value === 'bigint') return numberValue(value)
  return { value: typeof value === 'object' && value !== null ? objectValue(value) : value }
}

/** The values of a statement. @throws DltError DATA for one that no column can hold */
export const statementValues = (parameters: readonly ReadParameter[]): readonly StatementValue[] =>
  parameters.map(boundValue)
