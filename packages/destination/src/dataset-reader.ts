import type { ColumnSchema, DataType } from '@dlt/schema'
import type { QueryCompiler } from 'kysely'

/**
 * A value that a statement is given: what rows hold when they are read, and nothing else. The classes are those of `@dlt/schema`; a
 * decimal is one of decimal.js.
 */
export type ReadParameter = null | boolean | number | bigint | string | Uint8Array | Date | object

/** A statement with placeholders as the database spells them, and the values for them, in order. */
export interface ReadStatement {
  readonly sql: string
  readonly parameters: readonly ReadParameter[]
}

/** What a column of a result holds: its name and type, with precision, scale and time zone where they matter. */
export type ResultSchema = Pick<ColumnSchema, 'name' | 'precision' | 'scale' | 'timezone'> & {
  readonly data_type: DataType
}

/**
 * A column of a batch: one value a row, `null` for null.
 *
 * | data type | value |
 * |---|---|
 * | text, json | its text |
 * | bool | `boolean` |
 * | bigint | `number` where that is exact, `bigint`, or digits |
 * | double | `number` |
 * | decimal, wei | digits with a point |
 * | timestamp | microseconds since 1970 as `bigint`, or ISO text |
 * | time | microseconds since midnight as `bigint`, or ISO text |
 * | date | ISO text |
 * | binary | `Uint8Array`, which stays as it is when the next batch is read |
 */
export interface ResultColumn {
  readonly column: ResultSchema
  readonly values: readonly unknown[]
}

/** Some rows of a result, column by column; all batches of a result have the same columns. */
export interface ResultBatch {
  readonly rowCount: number
  readonly columns: readonly ResultColumn[]
}

/** Reads a dataset back. It cannot change anything: the database itself refuses that. */
export interface DatasetReader {
  /** Spells queries for the database: quotes identifiers, numbers placeholders. */
  readonly compiler: QueryCompiler
  /**
   * Runs one query and hands out its rows as they come, some thousand at a time, so that memory does not grow with the result. A result
   * without rows is one batch without rows: it has the columns. All batches show the data of one moment. Who stops early ends the
   * query. One result is read at a time.
   * @throws DestinationError; `undefined-entity` where a table does not exist; `terminal` for a statement that is no query
   */
  read(statement: ReadStatement): AsyncIterable<ResultBatch>
}
