import type { ColumnData, ColumnSchema } from '@dlt/schema'
import type { StructWriter } from './thrift-compact-writer.ts'

/** Numbers of Parquet's physical types (parquet.thrift, `Type`). */
export const physicalTypes = { boolean: 0, int32: 1, int64: 2, double: 5, byteArray: 6, fixedLenByteArray: 7 } as const

/** Fields of the `LogicalType` union (parquet.thrift). */
const logicalTypes = { string: 1, decimal: 5, date: 6, time: 7, timestamp: 8 } as const

/** Numbers of the older annotation that some readers know alone (parquet.thrift, `ConvertedType`). */
const convertedTypes = { utf8: 0, decimal: 5, date: 6, timestampMicros: 10 } as const

/** How a column's values are stored and what they mean. */
export interface ParquetType {
  readonly physicalType: (typeof physicalTypes)[keyof typeof physicalTypes]
  readonly convertedType?: number
  readonly logicalType?: (union: StructWriter) => void
  /** Bytes of a fixed-length value. */
  readonly typeLength?: number
  /** Digits of a decimal, and how many of them come after the point. */
  readonly decimal?: { readonly precision: number; readonly scale: number }
}

/** Whether eight bytes hold a decimal of that many digits: readers are faster with those. */
export function isShortDecimal(precision: number): boolean {
  return precision <= 18
}

const noFields = (): void => {}

const text: ParquetType = {
  physicalType: physicalTypes.byteArray,
  convertedType: convertedTypes.utf8,
  logicalType: (union) => union.struct(logicalTypes.string, noFields),
}

const binary: ParquetType = { physicalType: physicalTypes.byteArray }

const bigint: ParquetType = { physicalType: physicalTypes.int64 }

const date: ParquetType = {
  physicalType: physicalTypes.int32,
  convertedType: convertedTypes.date,
  logicalType: (union) => union.struct(logicalTypes.date, noFields),
}

const time: ParquetType = {
  physicalType: physicalTypes.int64,
  logicalType: (union) => union.struct(logicalTypes.time, microseconds(false)),
}

/** An instant: readers show it in the session's time zone. */
const timestamp: ParquetType = {
  physicalType: physicalTypes.int64,
  convertedType: convertedTypes.timestampMicros,
  logicalType: (union) => union.struct(logicalTypes.timestamp, microseconds(true)),
}

/** A wall-clock time. The older annotation always means an instant, so it is left out. */
const naiveTimestamp: ParquetType = {
  physicalType: physicalTypes.int64,
  logicalType: (union) => union.struct(logicalTypes.timestamp, microseconds(false)),
}

/** The type for a column with the given layout of values. */
export function parquetType(column: ColumnSchema, data: ColumnData): ParquetType {
  switch (data.layout) {
    case 'bool':
      return { physicalType: physicalTypes.boolean }
    case 'float64':
      return { physicalType: physicalTypes.double }
    case 'date32':
      return date
    case 'utf8':
      return text
    case 'binary':
      return binary
    case 'decimal128':
      return decimal(data.precision, data.scale)
    case 'int64':
      if (column.data_type === 'timestamp') return column.timezone === false ? naiveTimestamp : timestamp
      return column.data_type === 'time' ? time : bigint
  }
}

function decimal(precision: number, scale: number): ParquetType {
  const short = isShortDecimal(precision)
  return {
    physicalType: short ? physicalTypes.int64 : physicalTypes.fixedLenByteArray,
    convertedType: convertedTypes.decimal,
    logicalType: (union) =>
      union.struct(logicalTypes.decimal, (fields) => {
        fields.i32(1, scale)
        fields.i32(2, precision)
      }),
    decimal: { precision, scale },
    ...(!short && { typeLength: 16 }),
  }
}

/** `TimeType` and `TimestampType` have the same fields: whether values are adjusted to UTC, and the unit. */
function microseconds(adjustedToUtc: boolean): (fields: StructWriter) => void {
  return (fields) => {
    fields.boolean(1, adjustedToUtc)
    fields.struct(2, (unit) => unit.struct(2, noFields))
  }
}
