import { type ColumnSchema, hintColumns, type MergeStrategy, type TableSchema } from '@dlt/schema'
import { DestinationError } from '../../destination-error.ts'

/** How a root table wants its rows merged, as its schema says. */
export interface MergeHints {
  readonly strategy: MergeStrategy
  readonly primaryKey: readonly string[]
  readonly mergeKey: readonly string[]
  /** Marks rows that are to be deleted: true, or anything but null where it is not a bool. */
  readonly hardDelete?: ColumnSchema
  /** Which of several rows with one primary key counts: the one with the largest (`desc`) or smallest value. */
  readonly dedupSort?: { readonly column: string; readonly order: 'asc' | 'desc' }
  /** Whether the data promises that no primary key comes twice. */
  readonly deduplicated: boolean
  /** SQL condition of the user on staged rows of the root table; others are not merged. */
  readonly sourceFilter?: string
  /** SQL condition of the user on rows at the destination that may be deleted or retired. */
  readonly destinationScope?: string
  readonly skipUnchangedRows: boolean
}

const textOf = (table: TableSchema, extension: `x-${string}`): string | undefined => {
  const value = table[extension]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const refused = (table: TableSchema, message: string): DestinationError =>
  new DestinationError(message, { kind: 'terminal', context: { table: table.name } })

/** Columns of a key. One that never had a value has no type and does not exist: merging by the others would match other rows. */
const keyColumns = (table: TableSchema, hint: 'primary_key' | 'merge_key'): readonly string[] => {
  const names = hintColumns(table, hint)
  const missing = names.find((name) => table.columns.get(name)?.data_type === undefined)
  if (missing === undefined) return names
  throw refused(
    table,
    `Column "${missing}" belongs to the ${hint === 'primary_key' ? 'primary' : 'merge'} key of table "${table.name}", but no row has ever had a value in it. Correct the name of the key, or fill the column.`,
  )
}

const onlyColumn = (table: TableSchema, hint: 'hard_delete' | 'dedup_sort'): ColumnSchema | undefined => {
  const [name, second] = hintColumns(table, hint, { includeIncomplete: false })
  if (second !== undefined)
    throw refused(
      table,
      `Table "${table.name}" has several columns with the hint "${hint}": "${name}" and "${second}". Keep one.`,
    )
  return name === undefined ? undefined : table.columns.get(name)
}

const dedupSortOf = (table: TableSchema): MergeHints['dedupSort'] => {
  const column = onlyColumn(table, 'dedup_sort')
  return column?.dedup_sort === undefined ? undefined : { column: column.name, order: column.dedup_sort }
}

const requirePrimaryKey = (table: TableSchema, strategy: MergeStrategy, primaryKey: readonly string[]): void => {
  if (strategy === 'delete-insert' || strategy === 'scd2' || primaryKey.length > 0) return
  throw refused(
    table,
    `Table "${table.name}" has no primary key, and the merge strategy "${strategy}" finds rows by it. Declare one, or use the strategy "delete-insert".`,
  )
}

/**
 * Reads what a root table with the write disposition `merge` wants.
 *
 * @param strategy as `strategyOf` found it
 * @throws DestinationError terminal for hints that contradict each other
 */
export const mergeHintsOf = (table: TableSchema, strategy: MergeStrategy): MergeHints => {
  const primaryKey = keyColumns(table, 'primary_key')
  requirePrimaryKey(table, strategy, primaryKey)
  const hardDelete = onlyColumn(table, 'hard_delete')
  const dedupSort = dedupSortOf(table)
  const sourceFilter = textOf(table, 'x-merge-source-filter')
  const destinationScope = textOf(table, 'x-merge-destination-scope')
  return {
    strategy,
    primaryKey,
    mergeKey: keyColumns(table, 'merge_key'),
    ...(hardDelete !== undefined && { hardDelete }),
    ...(dedupSort !== undefined && { dedupSort }),
    ...(sourceFilter !== undefined && { sourceFilter }),
    ...(destinationScope !== undefined && { destinationScope }),
    deduplicated: table['x-stage-data-deduplicated'] === true,
    skipUnchangedRows: table['x-merge-skip-unchanged-rows'] === true,
  }
}
