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

/**
 * Deletes the rows that change and inserts the new ones. Databases that keep columns apart write much less than for an update of every
 * column; but columns that the schema does not know would lose their values.
 */
export const replaceRows = async (merge: Merge, table: StagedTable, writing: RowWriting): Promise<void> => {
  const { dialect, executor, staging } = merge
  const { key, flag } = writing
  const changed = changedOf(merge, table, writing)
  const flaggedRow = flag && ((row: SqlFragment) => isFlagged(row, flag))
  const keys = sql.join(key.map((name) => sql.id(name)))
  // Which flagged rows had a counterpart can be told only before those are deleted.
  const gone =
    flaggedRow === undefined || writing.insertsFlagged !== true
      ? undefined
      : await staging.createAs(
          sql`SELECT ${keys} FROM ${table.staged} AS d WHERE ${flaggedRow(sql`d`)} AND ${hasSameKey(table.target, sql`d`, key)}`,
        )
  const reason = changed === undefined ? undefined : sql`(${joined([changed, flaggedRow?.(sql`s`)], sql` OR `)})`
  await executor.execute(
    deleteWhere(dialect, table.target, (row) =>
      hasRow(table.staged, (staged) => joined([sameKey(staged, row, key), reason], sql` AND `)),
    ),
  )
  if (flaggedRow !== undefined)
    await executor.execute(
      deleteWhere(dialect, table.staged, (row) =>
        joined([flaggedRow(row), gone && hasSameKey(gone, row, key)], sql` AND `),
      ),
    )
  if (changed === undefined) await insertStaged(merge, table)
  else await insertUnknown(merge, table, key)
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
