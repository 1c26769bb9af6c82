import type { ColumnVector } from '@dlt/schema'
import type { ByteSink } from '../byte-sink.ts'

/** Writes the value of a row that is not null. */
export type CellWriter = (sink: ByteSink, row: number) => void

/** A column made ready to be written row by row. */
export interface RowCell {
  /** Absent when no value is null. */
  readonly validity: Uint8Array | undefined
  readonly write: CellWriter
}

/** Prepares a column: all that depends on its type is decided here, once. */
export function rowCell(vector: ColumnVector, write: CellWriter): RowCell {
  return { validity: vector.nullCount > 0 ? vector.data.validity : undefined, write }
}

/** Whether a row has no value. */
export function isNull(cell: RowCell, row: number): boolean {
  return cell.validity !== undefined && (((cell.validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 0
}
