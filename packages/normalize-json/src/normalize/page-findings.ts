import type { PackedKind } from '../page/value-kind.ts'

/** What normalizing a page showed that its summary does not; plain data. */
export interface PageFindings {
  /** Aligned with the tables of the page's summary. */
  readonly tables: readonly TableFindings[]
}

/** What was found in one table part. */
export interface TableFindings {
  /** Position of the table in the plan. */
  readonly table: number
  readonly rowCount: number
  readonly columns: readonly ColumnFindings[]
}

/** What became of the values of one kind at one source path. */
export interface ColumnFindings {
  /** Key of the field in the table's plan. */
  readonly field: string
  readonly kind: PackedKind
  /** First row whose value the column took; -1 when there is none. */
  readonly firstTaken: number
  /** First row whose value went to the variant column; -1 when there is none. */
  readonly firstVariant: number
  /** First row whose value went to the text variant because the variant could not take it; -1 when there is none. */
  readonly firstOverflow: number
}
