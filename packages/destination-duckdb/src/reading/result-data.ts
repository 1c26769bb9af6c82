import type { ResultColumn, ResultSchema } from '@dlt/destination'
import {
  DuckDBBlobVector,
  type DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBVector,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api'

type ReadItem = (value: DuckDBValue) => unknown

/** What dlt writes has microseconds; finer fractions are cut off, towards the past. */
const wholeMicroseconds = (nanoseconds: bigint): bigint => nanoseconds / 1000n - (nanoseconds % 1000n < 0n ? 1n : 0n)

const microsecondsOf: ReadItem = (value) => {
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return value.micros
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n
  if (value instanceof DuckDBTimestampNanosecondsValue) return wholeMicroseconds(value.nanos)
  return value
}

const itself: ReadItem = (value) => value

const readers: { readonly [type in ResultSchema['data_type']]: ReadItem } = {
  bool: itself,
  bigint: itself,
  double: itself,
  text: String,
  decimal: String,
  wei: String,
  timestamp: microsecondsOf,
  time: (value) => (value instanceof DuckDBTimeValue ? value.micros : value),
  date: (value) => (value instanceof DuckDBDateValue ? value.toString() : value),
  binary: itself,
  // Texts of the type JSON; values of other types are converted as a whole.
  json: itself,
}

const jsonText = (value: DuckDBValue, vector: DuckDBVector): string =>
  JSON.stringify(JsonDuckDBValueConverter(value, vector.type, JsonDuckDBValueConverter))

const itemReader = (vector: DuckDBVector, { data_type: type }: ResultSchema): ReadItem => {
  if (type === 'json' && vector.type.typeId !== DuckDBTypeId.VARCHAR) return (value) => jsonText(value, vector)
  return readers[type]
}

const bytesOf = (vector: DuckDBBlobVector, rowCount: number): readonly (Uint8Array | null)[] =>
  Array.from({ length: rowCount }, (_, row) => {
    const bytes = vector.getItemBytes(row)
    // A view of memory that DuckDB uses again.
    return bytes === null ? null : new Uint8Array(bytes)
  })

const valuesOf = (vector: DuckDBVector, schema: ResultSchema, rowCount: number): readonly unknown[] => {
  if (vector instanceof DuckDBBlobVector) return bytesOf(vector, rowCount)
  const read = itemReader(vector, schema)
  const values = new Array<unknown>(rowCount)
  if (read === itself) {
    for (let row = 0; row < rowCount; row++) values[row] = vector.getItem(row)
    return values
  }
  for (let row = 0; row < rowCount; row++) {
    const value = vector.getItem(row)
    values[row] = value === null ? null : read(value)
  }
  return values
}

/** The columns of a chunk, detached from it. */
export const resultColumns = (chunk: DuckDBDataChunk, schemas: readonly ResultSchema[]): readonly ResultColumn[] => {
  const { rowCount } = chunk
  return schemas.map((column, index) => ({ column, values: valuesOf(chunk.getColumnVector(index), column, rowCount) }))
}
