import { missingTypeError } from '@dlt/destination/sql'
import type { ColumnSchema, DataType, TableSchema } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'

type TypeOf = (column: ColumnSchema) => string | undefined

const integerTypes = [
  [16, 'smallint'],
  [32, 'integer'],
  [64, 'bigint'],
] as const

const { decimal, wei, timestamp } = postgresCapabilities.types

const mostDigits = 1000
const longestText = 10_485_760

/** The missing half of precision and scale comes from the capabilities. */
const decimalType =
  (usual: { readonly precision: number; readonly scale: number }): TypeOf =>
  ({ precision = usual.precision, scale = usual.scale }) =>
    precision >= 1 && precision <= mostDigits && scale >= 0 && scale <= precision
      ? `numeric(${precision},${scale})`
      : undefined

const fractionDigits = ({ precision }: ColumnSchema): string | undefined => {
  if (precision === undefined) return ''
  return precision >= 0 && precision <= timestamp.maxPrecision ? ` (${precision})` : undefined
}

const withFraction =
  (name: string, zone: (column: ColumnSchema) => string): TypeOf =>
  (column) => {
    const digits = fractionDigits(column)
    return digits === undefined ? undefined : `${name}${digits} ${zone(column)}`
  }

const types: { readonly [type in DataType]: TypeOf } = {
  text: ({ precision }) => {
    if (precision === undefined) return 'varchar'
    return precision >= 1 && precision <= longestText ? `varchar(${precision})` : undefined
  },
  double: () => 'double precision',
  bool: () => 'boolean',
  date: () => 'date',
  time: withFraction('time', () => 'without time zone'),
  binary: () => 'bytea',
  json: () => 'jsonb',
  bigint: ({ precision = 64 }) => integerTypes.find(([bits]) => precision <= bits)?.[1],
  timestamp: withFraction('timestamp', ({ timezone }) => (timezone === false ? 'without time zone' : 'with time zone')),
  decimal: decimalType(decimal),
  wei: decimalType(wei),
}

const remedyOf = ({ data_type: type }: ColumnSchema): string => {
  if (type === 'decimal' || type === 'wei')
    return `Declare a precision of 1 to ${mostDigits} digits and a scale that is not larger, or the type "text".`
  if (type === 'timestamp' || type === 'time') return `Declare a precision of 0 to ${timestamp.maxPrecision} digits.`
  if (type === 'bigint') return 'Declare at most 64 bits, or the type "decimal" with scale 0.'
  return `Declare a precision of 1 to ${longestText} characters, or none.`
}

/**
 * Postgres' type of a column.
 * @throws DestinationError terminal for a precision that no type holds
 */
export const postgresColumnType = (column: ColumnSchema, table: TableSchema): string => {
  const type = column.data_type === undefined ? undefined : types[column.data_type](column)
  if (type !== undefined) return type
  throw missingTypeError({ database: 'Postgres', destination: 'postgres', column, table, remedy: remedyOf(column) })
}
