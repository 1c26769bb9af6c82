import { missingTypeError } from '@dlt/destination/sql'
import type { ColumnSchema, DataType, TableSchema } from '@dlt/schema'
import { duckdbCapabilities } from './capabilities.ts'

type TypeOf = (column: ColumnSchema) => string | undefined

const firstThatHolds =
  (sizes: readonly (readonly [limit: number, type: string])[]) =>
  (size: number): string | undefined =>
    sizes.find(([limit]) => size <= limit)?.[1]

const integerType = firstThatHolds([
  [8, 'TINYINT'],
  [16, 'SMALLINT'],
  [32, 'INTEGER'],
  [64, 'BIGINT'],
  [128, 'HUGEINT'],
])

const wallClockType = firstThatHolds([
  [0, 'TIMESTAMP_S'],
  [3, 'TIMESTAMP_MS'],
  [6, 'TIMESTAMP'],
  [9, 'TIMESTAMP_NS'],
])

const { decimal, wei, timestamp } = duckdbCapabilities.types

const mostDigits = 38

/** The missing half of precision and scale comes from the capabilities. */
const decimalType =
  (usual: { readonly precision: number; readonly scale: number }): TypeOf =>
  ({ precision = usual.precision, scale = usual.scale }) =>
    precision >= 1 && precision <= mostDigits && scale <= precision ? `DECIMAL(${precision},${scale})` : undefined

const types: { readonly [type in DataType]: TypeOf } = {
  text: () => 'VARCHAR',
  double: () => 'DOUBLE',
  bool: () => 'BOOLEAN',
  date: () => 'DATE',
  time: () => 'TIME',
  binary: () => 'BLOB',
  json: () => 'JSON',
  bigint: ({ precision }) => integerType(precision ?? 64),
  timestamp: ({ precision, timezone }) =>
    timezone === false ? wallClockType(precision ?? timestamp.precision) : 'TIMESTAMP WITH TIME ZONE',
  decimal: decimalType(decimal),
  wei: decimalType(wei),
}

const remedyOf = ({ data_type: type }: ColumnSchema): string =>
  type === 'decimal' || type === 'wei'
    ? `Declare a precision of 1 to ${mostDigits} digits and a scale that is not larger, or the type "text".`
    : 'Change its precision or scale.'

/**
 * DuckDB's type of a column. Precision of text and of instants has no counterpart and is left out.
 * @throws DestinationError terminal for a precision that no type holds
 */
export const duckdbColumnType = (column: ColumnSchema, table: TableSchema): string => {
  const type = column.data_type === undefined ? undefined : types[column.data_type](column)
  if (type !== undefined) return type
  throw missingTypeError({ database: 'DuckDB', destination: 'duckdb', column, table, remedy: remedyOf(column) })
}
