import { type ColumnSchema, columnHasHint } from '@dlt/schema'
import { sql } from 'kysely'
import type { SqlFragment } from '../sql-fragment.ts'
import type { Merge, MergeTable } from './merge.ts'
import { cell } from './row-conditions.ts'

const keyHints = ['primary_key', 'row_key', 'parent_key', 'root_key', 'hard_delete'] as const

const isCompared = (column: ColumnSchema, loadIdColumn: string): boolean =>
  column.name !== loadIdColumn && !keyHints.some((hint) => columnHasHint(column, hint))

/**
 * Whether a staged row differs from the one at the destination: by the row version where the table has one, otherwise by any column but keys,
 * the flag of deleted rows and the load id. `undefined` where there is nothing to compare.
 */
export const isChanged = (
  { loadIdColumn }: Merge,
  { columns }: MergeTable,
  staged: SqlFragment,
  known: SqlFragment,
): SqlFragment | undefined => {
  const version = columns.find((column) => columnHasHint(column, 'x-row-version'))
  const compared = version === undefined ? columns.filter((column) => isCompared(column, loadIdColumn)) : [version]
  if (compared.length === 0) return undefined
  const differences = compared.map(({ name }) => sql`${cell(staged, name)} IS DISTINCT FROM ${cell(known, name)}`)
  return sql`(${sql.join(differences, sql` OR `)})`
}
