import type { JsonValue, TableSchema } from '@dlt/schema'

/** What extract and normalize note about a table, in its `x-normalizer` object. */
export interface NormalizerMarks {
  /** Levels of nesting that become columns and tables. */
  readonly max_nesting?: JsonValue
  /** Whether rows were ever normalized for the table. */
  readonly 'seen-data'?: JsonValue
  readonly [mark: string]: JsonValue | undefined
}

/** The marks of a table; empty where there are none. */
export function normalizerMarks(table: TableSchema | undefined): NormalizerMarks {
  const marks = table?.['x-normalizer']
  return isRecord(marks) ? marks : {}
}

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
