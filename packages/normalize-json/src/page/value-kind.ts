import type { DataType } from '@dlt/schema'

/**
 * The kinds of values a document can hold. Values of one kind at one source path form one column of a page.
 *
 * | kind | what | packed as |
 * |---|---|---|
 * | `null` | null, NaN, infinities, invalid dates | counted only |
 * | `bool` | | one byte a value |
 * | `integer` | a `number` without fraction below 2^63 | Float64 |
 * | `double` | any other `number` | Float64 |
 * | `text` | | UTF-8 |
 * | `bigint` | a `bigint` of 64 bits | Int64 |
 * | `wei` | a wider `bigint` of at most 38 digits | UTF-8 digits |
 * | `decimal` | | UTF-8 |
 * | `timestamp` | an instant, microseconds since 1970 | Int64 |
 * | `date` | days since 1970 | Int32 |
 * | `time` | microseconds since midnight | Int64 |
 * | `binary` | | bytes |
 * | `json` | an object or list that is kept as it is | UTF-8 JSON |
 */
export type ValueKind = 'null' | PackedKind

/** The kinds whose values are stored. */
export type PackedKind =
  | 'bool'
  | 'integer'
  | 'double'
  | 'text'
  | 'bigint'
  | 'wei'
  | 'decimal'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'binary'
  | 'json'

/** The data type that a value of a kind has when nothing else decides. */
export function kindDataType(kind: PackedKind): DataType {
  return kind === 'integer' ? 'bigint' : kind
}
