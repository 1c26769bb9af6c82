import type { PackedKind } from '../page/value-kind.ts'
import type { PageRejection } from '../reject/rejection.ts'

/** What normalizing a page showed that its summary does not; plain data. */
export interface PageFindings {
  /** Of the tables of the page that are loaded. */
  readonly tables: readonly TableFindings[]
  /** What contracts did not let in, in the order of the tables. */
  readonly rejections: readonly PageRejection[]
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
