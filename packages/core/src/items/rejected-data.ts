import type { ContractEntity, ContractMode } from '@dlt/schema'

/** What contracts discarded of one table, for one reason. */
export interface RejectedData {
  readonly table: string
  /** The column whose values were not let in; absent where a table is, and for rows that went with the row that contains them. */
  readonly column?: string
  readonly entity: ContractEntity
  readonly mode: ContractMode
  /** Whole rows that were discarded. */
  readonly rows?: number
  /** Values that were discarded; the rest of their rows was loaded. */
  readonly values?: number
}
