import { sql } from 'kysely'
import { DestinationError } from '../../destination-error.ts'
import type { SqlFragment } from '../sql-fragment.ts'
import { destinationScope, type FilteredMerge, isAbsent } from './absent-rows.ts'
import { isChanged } from './changed-rows.ts'
import { type Merge, type MergeTable, type MergeWriter, stagedNested } from './merge.ts'
import { cell, deleteWhere, hasRow, hasSameKey, isFlagged } from './row-conditions.ts'
import { applySourceFilter, hasRepeatedKeys, keepOnePerKey, refuseMissingKeys } from './staged-rows.ts'
import { rootKeyOf, rowKeyOf } from './table-keys.ts'
import { mergeRows, type RowWriting, replaceRows, updateRows } from './write-rows.ts'

/**
 * One staged row for each key. Ids of rows are made of their keys, so that rows with one key have their nested rows in common: which of them
 * belong to the row that is kept cannot be told.
 * @throws DestinationError terminal where keys come twice and something is nested in such rows
 */
const withUniqueKeys = async (merge: Merge): Promise<Merge> => {
  const { root, hints, loadId } = merge
  if (hints.deduplicated || !(await hasRepeatedKeys(merge))) return merge
  if (stagedNested(merge).length === 0) return keepOnePerKey(merge, 'last')
  throw new DestinationError(
    `Load package "${loadId}" has several rows with one primary key for table "${root.table.name}", and ${hints.strategy} cannot tell which nested rows belong to the one that counts. Nothing was loaded. Let the resource yield each key once, or use the merge strategy "delete-insert".`,
    { kind: 'terminal', context: { loadId, table: root.table.name } },
  )
}

/** Deletes rows of the root table that the package does not have any more, and first what is nested in them. */
const deleteAbsent = async (filtered: FilteredMerge): Promise<void> => {
  const { root, nested, hints, dialect, executor } = filtered.merge
  const absent = (row: SqlFragment): SqlFragment => isAbsent(filtered, row, hints.primaryKey)
  for (const { table, target } of nested) {
    const ids = sql`SELECT ${sql.id(rowKeyOf(root.table))} FROM ${root.target} WHERE ${absent(root.target)}`
    const rootKey = rootKeyOf(table, root.table)
    await executor.execute(deleteWhere(dialect, target, (row) => sql`${cell(row, rootKey)} IN (${ids})`))
  }
  // Not by an alias: the user's scope names the table.
  if (destinationScope(filtered) === undefined) await executor.execute(deleteWhere(dialect, root.target, absent))
  else await executor.execute(sql`DELETE FROM ${root.target} WHERE ${absent(root.target)}`)
}

const writeRows = async (merge: Merge, table: MergeTable, writing: RowWriting, foreign: boolean): Promise<void> => {
  const { staged } = table
  if (staged === undefined) return
  const inPlace = merge.dialect.upsert === 'update-insert' ? updateRows : mergeRows
  await (foreign ? inPlace : replaceRows)(merge, { ...table, staged }, writing)
}

/** Deletes nested rows of the root rows `ids` that are not staged any more, or say something else. */
const deleteNested = async (merge: Merge, table: MergeTable, ids: SqlFragment, foreign: boolean): Promise<void> => {
  const { root, hints, dialect, executor } = merge
  const { target, staged } = table
  const rowKey = rowKeyOf(table.table)
  const kept = (row: SqlFragment): SqlFragment => {
    if (staged === undefined || !(foreign || hints.skipUnchangedRows)) return sql``
    const changed = foreign ? undefined : isChanged(merge, table, sql`s`, row)
    const isKept = sql`${cell(sql`s`, rowKey)} = ${cell(row, rowKey)}${changed === undefined ? sql`` : sql` AND NOT ${changed}`}`
    return sql` AND NOT ${hasRow(staged, () => isKept)}`
  }
  const rootKey = rootKeyOf(table.table, root.table)
  await executor.execute(
    deleteWhere(dialect, target, (row) => sql`${cell(row, rootKey)} IN (SELECT * FROM ${ids})${kept(row)}`),
  )
}

/** Nested rows are written anew with their root rows, whatever became of those. */
const writeNested = async (merge: Merge, foreign: ReadonlySet<string>): Promise<void> => {
  const { root, nested, hints, staging, executor, dialect } = merge
  const { hardDelete, primaryKey, skipUnchangedRows: skipUnchanged } = hints
  const rowKey = rowKeyOf(root.table)
  // Known rows may have ids of another kind, from before the table was merged by key.
  const ids = await staging.createAs(sql`SELECT ${sql.id(rowKey)} FROM ${root.staged}
    UNION SELECT ${cell(sql`d`, rowKey)} FROM ${root.target} AS d WHERE ${hasSameKey(root.staged, sql`d`, primaryKey)}`)
  for (const one of nested) {
    const { name } = one.table
    if (hardDelete !== undefined && one.staged !== undefined) {
      const flagged = sql`SELECT ${sql.id(rowKey)} FROM ${root.staged} AS s WHERE ${isFlagged(sql`s`, hardDelete)}`
      const rootKey = rootKeyOf(one.table, root.table)
      await executor.execute(deleteWhere(dialect, one.staged, (row) => sql`${cell(row, rootKey)} IN (${flagged})`))
    }
    await deleteNested(merge, one, ids, foreign.has(name))
    await writeRows(merge, one, { key: [rowKeyOf(one.table)], skipUnchanged }, foreign.has(name))
  }
}

const write = async (given: Merge, deletesAbsent: boolean): Promise<string> => {
  const filtered = await applySourceFilter(given)
  await refuseMissingKeys(filtered)
  const merge = await withUniqueKeys(filtered)
  const { root, nested, hints, dialect } = merge
  const { hardDelete: flag, primaryKey: key, skipUnchangedRows: skipUnchanged } = hints
  if (deletesAbsent) await deleteAbsent({ merge, unfiltered: given.root.staged })
  const foreign =
    dialect.upsert === 'delete-insert'
      ? await merge.foreignColumns()
      : new Set([root, ...nested].map(({ table }) => table.name))
  if (nested.length > 0) await writeNested(merge, foreign)
  const isForeign = foreign.has(root.table.name)
  const writing = { key, skipUnchanged, ...(flag && { flag }), insertsFlagged: !deletesAbsent }
  await writeRows(merge, root, writing, isForeign)
  if (dialect.upsert === 'update-insert') return 'rows are updated in place, and unknown ones inserted'
  if (dialect.upsert === 'merge') return 'rows are updated in place, by a MERGE statement'
  return isForeign
    ? 'the table has columns that the schema does not know, so that rows are updated in place, by a MERGE statement'
    : 'changed rows are deleted and inserted, which is faster here than to update every column'
}

/** Writes each row in the place of the one with its primary key, and what is nested in it in the place of what was nested in that one. */
export const upsert: MergeWriter = (merge) => write(merge, false)

/** Like {@link upsert}, but first deletes the rows that the package does not have any more. */
export const cdc: MergeWriter = (merge) => write(merge, true)
