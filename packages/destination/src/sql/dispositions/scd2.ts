import { sql } from 'kysely'
import { isAbsent } from './absent-rows.ts'
import { type MergeWriter, stagedNested } from './merge.ts'
import { cell, columnList, hasRow } from './row-conditions.ts'
import { applySourceFilter, insertUnknown, refuseMissingKeys } from './staged-rows.ts'
import { rowKeyOf } from './table-keys.ts'
import { validityOf } from './validity.ts'

/**
 * Keeps a history: valid rows that the package does not have any more end, rows that are not valid yet begin. Nested rows are inserted once
 * and stay.
 */
export const scd2: MergeWriter = async (given) => {
  const merge = await applySourceFilter(given)
  await refuseMissingKeys(merge)
  const { root, executor } = merge
  const { from, to, version, boundary, active, isActive } = validityOf(merge)
  const absent = isAbsent({ merge, unfiltered: given.root.staged }, root.target, [version])
  // Not by an alias: the user's scope names the table.
  await executor.execute(
    sql`UPDATE ${root.target} SET ${sql.id(to)} = ${boundary} WHERE ${isActive(root.target)} AND ${absent}`,
  )
  const columns = columnList(root.columns.filter(({ name }) => name !== from && name !== to))
  const isValid = hasRow(
    root.target,
    (row) => sql`${cell(row, version)} = ${cell(sql`n`, version)} AND ${isActive(row)}`,
  )
  await executor.execute(sql`INSERT INTO ${root.target} (${columns}, ${sql.id(from)}, ${sql.id(to)})
    SELECT ${columns}, ${boundary}, ${active} FROM ${root.staged} AS n WHERE NOT ${isValid}`)
  for (const table of stagedNested(merge)) await insertUnknown(merge, table, [rowKeyOf(table.table)])
  return 'rows that are not staged any more end with one statement, new ones begin with another'
}
