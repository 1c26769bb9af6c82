import type { ColumnSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { SqlFragment } from '../sql-fragment.ts'
import { isChanged } from './changed-rows.ts'
import type { Merge, StagedTable } from './merge.ts'
import { cell, columnList, deleteWhere, hasRow, hasSameKey, isFlagged, sameKey } from './row-conditions.ts'
import { insertStaged, insertUnknown } from './staged-rows.ts'

/** How staged rows of one table take the place of those with the same key. */
export interface RowWriting {
  readonly key: readonly string[]
  /** Whether rows that say the same as the known ones are left alone. */
  readonly skipUnchanged: boolean
  /** Marks rows that delete the known ones. */
  readonly flag?: ColumnSchema
  /** Whether flagged rows with an unknown key are inserted all the same. */
  readonly insertsFlagged?: boolean
}

const changedOf = (merge: Merge, table: StagedTable, { skipUnchanged }: RowWriting): SqlFragment | undefined =>
  skipUnchanged ? isChanged(merge, table, sql`s`, sql`d`) : undefined

const joined = (parts: readonly (SqlFragment | undefined)[], by: SqlFragment): SqlFragment =>
  sql.join(
    parts.filter((part) => part !== undefined),
    by,
  )

/** The keys of flagged rows that have a counterpart at the destination; nothing where those without one are not inserted either. */
const flaggedCounterparts = (
  { staging }: Merge,
  table: StagedTable,
  { key, flag, insertsFlagged }: RowWriting,
): Promise<SqlFragment> | undefined => {
  if (flag === undefined || insertsFlagged !== true) return undefined
  const keys = sql.join(key.map((name) => sql.id(name)))
  return staging.createAs(
    sql`SELECT ${keys} FROM ${table.staged} AS d WHERE ${isFlagged(sql`d`, flag)} AND ${hasSameKey(table.target, sql`d`, key)}`,
  )
}

/** Removes flagged rows from the staged ones; where some keys are given, only those. */
const dropStagedFlagged = async (
  { dialect, executor }: Merge,
  { staged }: StagedTable,
  { key, flag }: RowWriting,
  gone: SqlFragment | undefined,
): Promise<void> => {
  if (flag === undefined) return
  await executor.execute(
    deleteWhere(dialect, staged, (row) =>
      joined([isFlagged(row, flag), gone && hasSameKey(gone, row, key)], sql` AND `),
    ),
  )
}

/**
 * Deletes the rows that change and inserts the new ones. Databases that keep columns apart write much less than for an update of every
 * column; but columns that the schema does not know would lose their values.
 */
export const replaceRows = async (merge: Merge, table: StagedTable, writing: RowWriting): Promise<void> => {
  const { dialect, executor } = merge
  const { key, flag } = writing
  const changed = changedOf(merge, table, writing)
  // Which flagged rows had a counterpart can be told only before those are deleted.
  const gone = await flaggedCounterparts(merge, table, writing)
  const flagged = flag && isFlagged(sql`s`, flag)
  const reason = changed === undefined ? undefined : sql`(${joined([changed, flagged], sql` OR `)})`
  await executor.execute(
    deleteWhere(dialect, table.target, (row) =>
      hasRow(table.staged, (staged) => joined([sameKey(staged, row, key), reason], sql` AND `)),
    ),
  )
  await dropStagedFlagged(merge, table, writing, gone)
  if (changed === undefined) await insertStaged(merge, table)
  else await insertUnknown(merge, table, key)
}

/** Does the same by an UPDATE and an INSERT: columns that the schema does not know keep their values. */
export const updateRows = async (merge: Merge, table: StagedTable, writing: RowWriting): Promise<void> => {
  const { dialect, executor } = merge
  const { key, flag } = writing
  const { columns, target, staged } = table
  const gone = await flaggedCounterparts(merge, table, writing)
  if (flag !== undefined)
    await executor.execute(
      deleteWhere(dialect, target, (row) =>
        hasRow(staged, (other) => sql`${sameKey(other, row, key)} AND ${isFlagged(other, flag)}`),
      ),
    )
  const assignments = columns
    .filter(({ name }) => !key.includes(name))
    .map(({ name }) => sql`${sql.id(name)} = ${cell(sql`s`, name)}`)
  const condition = joined([sameKey(sql`s`, sql`d`, key), changedOf(merge, table, writing)], sql` AND `)
  if (assignments.length > 0)
    await executor.execute(
      sql`UPDATE ${target} AS d SET ${sql.join(assignments)} FROM ${staged} AS s WHERE ${condition}`,
    )
  await dropStagedFlagged(merge, table, writing, gone)
  await insertUnknown(merge, table, key)
}

/** Does the same by one MERGE statement: columns that the schema does not know keep their values. */
export const mergeRows = async (merge: Merge, table: StagedTable, writing: RowWriting): Promise<void> => {
  const { key, flag } = writing
  const { columns, target, staged } = table
  const changed = changedOf(merge, table, writing)
  const flagged = flag && isFlagged(sql`s`, flag)
  const assignments = columns.map(({ name }) => sql`${sql.id(name)} = ${cell(sql`s`, name)}`)
  const values = columns.map(({ name }) => cell(sql`s`, name))
  const insertCondition =
    flagged === undefined || writing.insertsFlagged === true ? sql`` : sql` AND (${flagged}) IS NOT TRUE`
  await merge.executor.execute(sql`MERGE INTO ${target} AS d USING ${staged} AS s ON ${sameKey(sql`s`, sql`d`, key)}
    ${flagged === undefined ? sql`` : sql`WHEN MATCHED AND ${flagged} THEN DELETE`}
    WHEN MATCHED${changed === undefined ? sql`` : sql` AND ${changed}`} THEN UPDATE SET ${sql.join(assignments)}
    WHEN NOT MATCHED${insertCondition} THEN INSERT (${columnList(columns)}) VALUES (${sql.join(values)})`)
}
