import { sql } from 'kysely'
import type { SqlFragment } from '../sql-fragment.ts'
import { type Merge, type MergeWriter, stagedNested } from './merge.ts'
import { cell, deleteWhere, hasSameKey } from './row-conditions.ts'
import {
  applySourceFilter,
  dropFlagged,
  dropStagedOrphans,
  hasRepeatedKeys,
  insertStaged,
  keepOnePerKey,
  keepOnePerNestedId,
  refuseMissingKeys,
} from './staged-rows.ts'
import { rootKeyOf, rowKeyOf } from './table-keys.ts'
import { userCondition } from './user-condition.ts'

/** Deletes rows of the root table, and first what is nested in them. `ids` selects the row keys of the former. */
const deleteTree = async (merge: Merge, ids: SqlFragment): Promise<void> => {
  const { root, nested, dialect, executor } = merge
  for (const { table, target } of nested) {
    const rootKey = rootKeyOf(table, root.table)
    await executor.execute(deleteWhere(dialect, target, (row) => sql`${cell(row, rootKey)} IN (${ids})`))
  }
}

const deleteScope = async (merge: Merge, staged: SqlFragment, text: string): Promise<void> => {
  const { root, nested, executor } = merge
  const scope = userCondition(
    text,
    { name: 'destination_scope', table: root.table.name },
    { table: root.target, staging_table: staged },
  )
  if (nested.length > 0)
    await deleteTree(merge, sql`SELECT ${sql.id(rowKeyOf(root.table))} FROM ${root.target} WHERE ${scope}`)
  await executor.execute(sql`DELETE FROM ${root.target} WHERE ${scope}`)
}

/** Both keys apart, and not joined by OR: databases find rows by a hash of one key, and compare every pair of rows by two. */
const keysOf = ({ hints }: Merge): readonly (readonly string[])[] =>
  [hints.primaryKey, hints.mergeKey].filter((key) => key.length > 0)

const deleteMatching = async (merge: Merge): Promise<string> => {
  const { root, nested, dialect, executor, staging } = merge
  const keys = keysOf(merge)
  if (keys.length === 0) return 'it has no keys, so that rows are appended'
  if (nested.length === 0) {
    for (const key of keys)
      await executor.execute(deleteWhere(dialect, root.target, (row) => hasSameKey(root.staged, row, key)))
    return 'rows with known keys are deleted directly, since nothing is nested in them'
  }
  const rowKey = rowKeyOf(root.table)
  const selects = keys.map(
    (key) => sql`SELECT ${cell(sql`d`, rowKey)} FROM ${root.target} AS d WHERE ${hasSameKey(root.staged, sql`d`, key)}`,
  )
  const deleted = await staging.createAs(sql.join(selects, sql` UNION `))
  const ids = sql`SELECT ${sql.id(rowKey)} FROM ${deleted}`
  await deleteTree(merge, ids)
  await executor.execute(sql`DELETE FROM ${root.target} WHERE ${sql.id(rowKey)} IN (${ids})`)
  return 'ids of rows with known keys are collected in a temporary table, to delete what is nested in them too'
}

const deduplicated = async (merge: Merge): Promise<{ readonly merge: Merge; readonly chosen: string }> => {
  const { hints } = merge
  if (hints.primaryKey.length === 0) return { merge, chosen: '' }
  if (hints.deduplicated)
    return { merge, chosen: '; keys are not compared, since the data is declared to be deduplicated' }
  if (!(await hasRepeatedKeys(merge)))
    return { merge, chosen: '; no primary key comes twice, so that rows need not be numbered' }
  const kept = await keepOnePerKey(merge, 'last')
  await dropStagedOrphans(kept)
  return { merge: await keepOnePerNestedId(kept), chosen: '; primary keys come twice, so that one row of each is kept' }
}

/**
 * Deletes the rows whose primary or merge key comes in the package (or all in the user's scope), with everything nested in them, and inserts
 * the new ones: one for each primary key, without those flagged as deleted. Without keys and scope rows are appended.
 */
export const deleteInsert: MergeWriter = async (given) => {
  const { destinationScope } = given.hints
  const filtered = await applySourceFilter(given)
  await refuseMissingKeys(filtered)
  let chosen = 'the rows of the destination scope are deleted'
  if (destinationScope === undefined) chosen = await deleteMatching(filtered)
  else await deleteScope(filtered, given.root.staged, destinationScope)
  const { merge, chosen: further } = await deduplicated(filtered)
  await dropFlagged(merge)
  for (const table of [merge.root, ...stagedNested(merge)]) await insertStaged(merge, table)
  return `${chosen}${further}`
}
