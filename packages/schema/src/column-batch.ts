import type { ColumnSchema } from './schema.ts'

/**
 * The values of one column, laid out as in Apache Arrow's columnar format, so that writers take the buffers as they are.
 * `validity` has one bit a row, least significant first; it is absent when no value is null.
 *
 * | data type | layout |
 * |---|---|
 * | text, json | utf8 |
 * | binary | binary |
 * | bool | bool (one bit a row) |
 * | bigint, timestamp, time | int64 (timestamp: microseconds since 1970 in UTC; time: microseconds since midnight) |
 * | date | date32 (days since 1970) |
 * | double | float64 |
 * | decimal, wei | decimal128 (16 bytes, little endian, unscaled), utf8 above 38 digits |
 */
export type ColumnData =
  | { readonly layout: 'bool'; readonly validity?: Uint8Array; readonly values: Uint8Array }
  | { readonly layout: 'int64'; readonly validity?: Uint8Array; readonly values: BigInt64Array }
  | { readonly layout: 'float64'; readonly validity?: Uint8Array; readonly values: Float64Array }
  | { readonly layout: 'date32'; readonly validity?: Uint8Array; readonly values: Int32Array }
  | {
      readonly layout: 'decimal128'
      readonly validity?: Uint8Array
      readonly values: Uint8Array
      readonly precision: number
      readonly scale: number
    }
  | {
      readonly layout: 'utf8' | 'binary'
      readonly validity?: Uint8Array
      readonly offsets: Int32Array
      readonly values: Uint8Array
    }

/** A column of a batch: its schema (complete) and its values. */
export interface ColumnVector {
  readonly column: ColumnSchema
  readonly nullCount: number
  readonly data: ColumnData
}

/** Rows of one table as typed columns. All columns have `rowCount` values. */
export interface TableBatch {
  readonly tableName: string
  readonly rowCount: number
  readonly columns: readonly ColumnVector[]
}
