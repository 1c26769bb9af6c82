import type { PackedKind, ValueKind } from './value-kind.ts'

/** What a page holds, without its values: enough to decide names and types. Plain data that survives JSON. */
export interface PageSummary {
  /** Documents in the page: rows of the first table part. */
  readonly rowCount: number
  /** Table parts in the order in which their first rows were met; the first one is the root. */
  readonly tables: readonly TableSummary[]
}

/** The rows of one list path. */
export interface TableSummary {
  /** Raw keys from the containing row to the list; empty for the root. */
  readonly path: readonly string[]
  /** Position of the part that holds the containing rows; -1 for the root. */
  readonly parent: number
  readonly rowCount: number
  /** Columns in the order in which their first values were met. */
  readonly columns: readonly ColumnSummary[]
  /** The order of the columns in each row that was the first to have one of them, in row order. */
  readonly layouts: readonly RowLayout[]
}

/** Which columns a row has, in the order of its flattened document. */
export interface RowLayout {
  readonly ordinal: number
  /** Positions in `TableSummary.columns`. */
  readonly columns: readonly number[]
}

/** The values of one kind at one source path. */
export interface ColumnSummary {
  /** Raw keys from the row to the value; none for the text of the row as a whole, see {@link isRowText}. */
  readonly path: readonly string[]
  readonly kind: ValueKind
  readonly count: number
  /** Row of the first value. */
  readonly firstOrdinal: number
  /** The first value: numbers and bools as they are, text as it is unless very long, the other kinds absent. */
  readonly firstValue?: string | number | boolean
  /** Smallest and largest value of kind `integer`. */
  readonly minimum?: number
  readonly maximum?: number
  /** Length of the longest value of kind `text`, counted both ways; the longest of each may be two values. */
  readonly longest?: { readonly characters: number; readonly bytes: number }
  /** Most digits before and after the point of values of the kinds `decimal`, `wei`, `bigint` and `double` (there before the point only). */
  readonly digits?: { readonly whole: number; readonly fraction: number }
  /** Values of kind `null` that were NaN, infinities or invalid dates; absent where there were none. */
  readonly lost?: number
}

/** Whether a column holds whole rows as text, which their ids are made of: no column of a table comes from it. */
export function isRowText({ path }: ColumnSummary): boolean {
  return path.length === 0
}

/** Consecutive documents of one root table, as columns. */
export interface Page {
  readonly summary: PageSummary
  /** Aligned with `summary.tables`. */
  readonly tables: readonly TablePart[]
}

/** The values of one table part. */
export interface TablePart {
  /** Row of the parent part that contains each row; absent for the root. */
  readonly parents?: Int32Array
  /** Position of each row in its list; absent for the root. */
  readonly listIndices?: Int32Array
  /** Aligned with the columns of the summary; undefined for kind `null`. */
  readonly columns: readonly (ColumnPart | undefined)[]
}

/** Packed values of one column. */
export interface ColumnPart {
  readonly kind: PackedKind
  /** Rows of the values, ascending; absent when every row has a value. */
  readonly ordinals?: Int32Array
  readonly values: PackedValues
}

/** Values of varying length: value `i` is `bytes[offsets[i]] … bytes[offsets[i + 1]]`. */
export interface PackedBytes {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/** Packed values; which form a kind has is told by {@link ValueKind}. */
export type PackedValues = Uint8Array | Int32Array | Float64Array | BigInt64Array | PackedBytes
