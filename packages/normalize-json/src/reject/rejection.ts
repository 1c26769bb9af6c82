import type { ContractEntity, ContractMode, DataType } from '@dlt/schema'

/** Rows or values of one page that a contract does not let in; plain data. */
export interface PageRejection {
  /** Position of the table in the plan. */
  readonly table: number
  readonly tableName: string
  /** The column of the values; absent where a table is refused, and for rows that go with the row that contains them. */
  readonly column?: string
  readonly entity: ContractEntity
  /** `freeze` makes the package fail. */
  readonly mode: ContractMode
  /** Data type of the values as they came. */
  readonly valueType?: DataType
  /** The data type that they should have had; absent where there is no such column. */
  readonly columnType?: DataType
  /** The column that would have to be made for the values; absent where that is `column` itself, or a table. */
  readonly newColumn?: string
  /** Whether whole rows are discarded, not only the values. */
  readonly unit: 'rows' | 'values'
  /** Whether the rows are discarded because the row that contains them is. */
  readonly isContained: boolean
  /** The rows, ascending; ordinals of the page as it was extracted. */
  readonly ordinals: Int32Array
}

/** All rows of a table part. */
export function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, ordinal) => ordinal)
}
