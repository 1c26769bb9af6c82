import { sql } from 'kysely'
import type { SqlFragment } from '../sql-fragment.ts'
import type { Merge } from './merge.ts'
import { hasSameKey } from './row-conditions.ts'
import { userCondition } from './user-condition.ts'

/** A merge, and its staging table before the user's source filter: a destination scope may ask that one. */
export interface FilteredMerge {
  readonly merge: Merge
  readonly unfiltered: SqlFragment
}

/** The user's condition on rows at the destination; nothing where there is none. */
export const destinationScope = ({ merge, unfiltered }: FilteredMerge): SqlFragment | undefined => {
  const { root, hints } = merge
  if (hints.destinationScope === undefined) return undefined
  const option = { name: 'destination_scope', table: root.table.name }
  return userCondition(hints.destinationScope, option, { table: root.target, staging_table: unfiltered })
}

/**
 * The rows at the destination that the package says nothing of any more: their key is not staged. Within the user's scope, otherwise among
 * the rows whose merge key is staged, otherwise among all.
 *
 * @param row how the row at the destination is named
 */
export const isAbsent = (filtered: FilteredMerge, row: SqlFragment, key: readonly string[]): SqlFragment => {
  const { root, hints } = filtered.merge
  const scope = destinationScope(filtered)
  const partition = scope ?? (hints.mergeKey.length === 0 ? undefined : hasSameKey(root.staged, row, hints.mergeKey))
  const absent = sql`NOT ${hasSameKey(root.staged, row, key)}`
  return partition === undefined ? absent : sql`${absent} AND ${partition}`
}
