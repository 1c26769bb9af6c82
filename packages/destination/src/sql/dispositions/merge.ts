import type { SqlDialect } from '../sql-dialect.ts'
import type { SqlExecutor } from '../sql-executor.ts'
import type { SqlFragment } from '../sql-fragment.ts'
import type { MergeHints } from './merge-hints.ts'
import type { StagingArea } from './staging-area.ts'
import type { ChainTable } from './table-chain.ts'

/** A table that rows are merged into. */
export interface MergeTable extends ChainTable {
  /** Qualified name of the table at the destination. */
  readonly target: SqlFragment
  /** Qualified name of the table where its new rows wait; absent where the package has none of them. */
  readonly staged?: SqlFragment
}

/** A nested table with new rows. */
export type StagedTable = MergeTable & { readonly staged: SqlFragment }

/** A chain of tables whose new rows wait in staging tables, and what is needed to merge them. */
export interface Merge {
  readonly root: StagedTable
  readonly nested: readonly MergeTable[]
  readonly hints: MergeHints
  readonly loadId: string
  /** Name of the column that holds the load id of a row. */
  readonly loadIdColumn: string
  readonly dialect: SqlDialect
  readonly staging: StagingArea
  readonly executor: SqlExecutor
  /** Asks which tables of the chain have columns that the schema does not know, by name of the table. */
  foreignColumns(): Promise<ReadonlySet<string>>
}

/** Merges a chain. Returns what was chosen, in words that continue "is merged by …: ". */
export type MergeWriter = (merge: Merge) => Promise<string>

/** Whether a table has new rows. */
export const isStaged = (table: MergeTable): table is StagedTable => table.staged !== undefined

/** The nested tables that have new rows, every parent before its children. */
export const stagedNested = ({ nested }: Merge): readonly StagedTable[] => nested.filter(isStaged)
