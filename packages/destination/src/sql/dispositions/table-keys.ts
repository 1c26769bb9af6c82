import { type ColumnSchema, hintColumns, type TableSchema } from '@dlt/schema'
import { DestinationError } from '../../destination-error.ts'

const columnWith = (table: TableSchema, hint: keyof ColumnSchema): string | undefined =>
  hintColumns(table, hint, { includeIncomplete: false })[0]

const without = (table: TableSchema, what: string, remedy: string): DestinationError =>
  new DestinationError(`Table "${table.name}" cannot be merged: it has no ${what}. ${remedy}`, {
    kind: 'terminal',
    context: { table: table.name },
  })

/**
 * The column by which other tables name rows of a table: its row key, the row version of a history, a unique column, or a primary key of one column.
 * @throws DestinationError terminal where there is none
 */
export const rowKeyOf = (table: TableSchema): string => {
  const declared = columnWith(table, 'row_key') ?? columnWith(table, 'x-row-version') ?? columnWith(table, 'unique')
  if (declared !== undefined) return declared
  const [key, ...more] = hintColumns(table, 'primary_key', { includeIncomplete: false })
  if (key !== undefined && more.length === 0) return key
  throw without(
    table,
    'column that names its rows',
    'Declare one of its columns as unique, or let the system make "_dlt_id".',
  )
}

/**
 * The column of a nested table that names its row of the root table: its root key, for a child of the root its parent key too.
 * @throws DestinationError terminal where there is none
 */
export const rootKeyOf = (table: TableSchema, root: TableSchema): string => {
  const key =
    columnWith(table, 'root_key') ?? (table.parent === root.name ? columnWith(table, 'parent_key') : undefined)
  if (key !== undefined) return key
  throw without(
    table,
    'column that names the row of its root table ("_dlt_root_id")',
    `Set the root key of the source, or load table "${root.name}" once with the write disposition "merge" and without a schema that forbids new columns.`,
  )
}

/** The column of a nested table that names its row of the parent table, where it has one. */
export const parentKeyOf = (table: TableSchema): string | undefined => columnWith(table, 'parent_key')
