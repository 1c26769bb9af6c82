import { sql } from 'kysely'
import { DestinationError } from '../../destination-error.ts'
import { integerOf } from '../row-values.ts'
import type { SqlFragment } from '../sql-fragment.ts'
import { isStaged, type Merge, type MergeTable, type StagedTable, stagedNested } from './merge.ts'
import { cell, columnList, deleteWhere, hasRow, hasSameKey, isFlagged } from './row-conditions.ts'
import { parentKeyOf, rowKeyOf } from './table-keys.ts'
import { userCondition } from './user-condition.ts'

/** The same merge with other staged rows of the root table. */
const withStagedRoot = (merge: Merge, staged: SqlFragment): Merge => ({ ...merge, root: { ...merge.root, staged } })

/** Removes staged nested rows whose parents are not staged (any more). */
export const dropStagedOrphans = async (merge: Merge): Promise<void> => {
  const parents = new Map<string, StagedTable>([[merge.root.table.name, merge.root]])
  for (const nested of stagedNested(merge)) {
    parents.set(nested.table.name, nested)
    const parent = parents.get(nested.table.parent ?? '')
    const key = parentKeyOf(nested.table)
    if (parent === undefined || key === undefined) continue
    const rowKey = rowKeyOf(parent.table)
    await merge.executor.execute(
      deleteWhere(
        merge.dialect,
        nested.staged,
        (row) =>
          sql`NOT EXISTS (SELECT 1 FROM ${parent.staged} AS s WHERE ${cell(sql`s`, rowKey)} = ${cell(row, key)})`,
      ),
    )
  }
}

/** Leaves only the staged rows that the user's source filter lets through. */
export const applySourceFilter = async (merge: Merge): Promise<Merge> => {
  const { root, hints, staging } = merge
  if (hints.sourceFilter === undefined) return merge
  const condition = userCondition(hints.sourceFilter, { name: 'source_filter', table: root.table.name })
  // A copy: the user's destination scope may ask the staging table, and means all of it.
  const filtered = withStagedRoot(merge, await staging.createAs(sql`SELECT * FROM ${root.staged} WHERE ${condition}`))
  await dropStagedOrphans(filtered)
  return filtered
}

/** @throws DestinationError terminal where a staged row has no value in a column of a key: nothing could ever find it again */
export const refuseMissingKeys = async ({ root, hints, executor, loadId }: Merge): Promise<void> => {
  const { primaryKey, mergeKey } = hints
  const columns = [...new Set([...primaryKey, ...mergeKey])]
  if (columns.length === 0) return
  const counts = columns.map((name, index) => sql`count(*) - count(${sql.id(name)}) AS ${sql.id(`missing_${index}`)}`)
  const [row = {}] = await executor.query(sql`SELECT ${sql.join(counts)} FROM ${root.staged}`)
  for (const [index, column] of columns.entries()) {
    const missing = integerOf(row, `missing_${index}`)
    if (missing === 0) continue
    const key = primaryKey.includes(column) ? 'primary' : 'merge'
    throw new DestinationError(
      `${missing} row(s) of load package "${loadId}" have no value in column "${column}", which belongs to the ${key} key of table "${root.table.name}". Nothing was loaded. Fill the column, filter such rows, or choose another key.`,
      { kind: 'terminal', context: { loadId, table: root.table.name, column } },
    )
  }
}

/** Whether several staged rows of a table agree in columns. */
const isRepeated = async (
  { executor }: Merge,
  { staged }: StagedTable,
  columns: readonly string[],
): Promise<boolean> => {
  const names = sql.join(columns.map((name) => sql.id(name)))
  const rows = await executor.query(sql`SELECT 1 AS found FROM ${staged} GROUP BY ${names} HAVING count(*) > 1 LIMIT 1`)
  return rows.length > 0
}

/** Whether a primary key comes twice in the staged rows of the root table. */
export const hasRepeatedKeys = (merge: Merge): Promise<boolean> => isRepeated(merge, merge.root, merge.hints.primaryKey)

const arrivalOrder = ({ dialect }: Merge, survivor: 'first' | 'last'): readonly SqlFragment[] =>
  dialect.arrivalOrder === undefined
    ? []
    : [sql`${sql.id(dialect.arrivalOrder)} ${sql.raw(survivor === 'last' ? 'DESC' : 'ASC')}`]

const declaredOrder = ({ hints: { dedupSort } }: Merge): readonly SqlFragment[] =>
  dedupSort === undefined
    ? []
    : [sql`${sql.id(dedupSort.column)} ${sql.raw(dedupSort.order === 'asc' ? 'ASC' : 'DESC')} NULLS LAST`]

/** A new staging table with one row for each value of a key: the first one in an order. */
const oneForEach = (
  { staging }: Merge,
  { staged, columns }: StagedTable,
  key: readonly string[],
  order: readonly SqlFragment[],
): Promise<SqlFragment> => {
  const names = columnList(columns)
  const keys = sql.join(key.map((name) => sql.id(name)))
  const numbered = sql`SELECT ${names}, ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${sql.join(order.length === 0 ? [sql`(SELECT NULL)`] : order)}) AS _dlt_row_number FROM ${staged}`
  return staging.createAs(sql`SELECT ${names} FROM (${numbered}) AS numbered WHERE _dlt_row_number = 1`)
}

/**
 * Keeps one staged row of the root table for each primary key: as `dedup_sort` says, and otherwise the last or the first one of the package,
 * where the database knows which that is. Nested rows of the others are left where they are.
 */
export const keepOnePerKey = async (merge: Merge, survivor: 'first' | 'last'): Promise<Merge> =>
  withStagedRoot(
    merge,
    await oneForEach(merge, merge.root, merge.hints.primaryKey, [
      ...declaredOrder(merge),
      ...arrivalOrder(merge, survivor),
    ]),
  )

/** Keeps one staged nested row for each id, the first one: rows of the root table that have one id bring their nested rows twice. */
export const keepOnePerNestedId = async (merge: Merge): Promise<Merge> => {
  const nested: MergeTable[] = []
  for (const table of merge.nested) {
    const key = [rowKeyOf(table.table)]
    const twice = isStaged(table) && (await isRepeated(merge, table, key))
    nested.push(twice ? { ...table, staged: await oneForEach(merge, table, key, arrivalOrder(merge, 'first')) } : table)
  }
  return { ...merge, nested }
}

/** Removes staged rows that say they are to be deleted, and what is nested in them. */
export const dropFlagged = async (merge: Merge): Promise<void> => {
  const { root, hints, dialect, executor } = merge
  const { hardDelete } = hints
  if (hardDelete === undefined) return
  const removed = await executor.execute(deleteWhere(dialect, root.staged, (row) => isFlagged(row, hardDelete)))
  if (removed > 0) await dropStagedOrphans(merge)
}

/**
 * Writes all staged rows of a table to the destination.
 * @throws DestinationError terminal where some do not arrive; those in whose places they come are deleted by then, and would be lost
 */
export const insertStaged = async (
  { executor }: Pick<Merge, 'executor'>,
  { table, target, staged, columns }: StagedTable,
): Promise<void> => {
  const names = columnList(columns)
  const [row = {}] = await executor.query(sql`SELECT count(*) AS staged_rows FROM ${staged}`)
  const wanted = integerOf(row, 'staged_rows')
  const arrived = await executor.execute(sql`INSERT INTO ${target} (${names}) SELECT ${names} FROM ${staged}`)
  if (arrived === wanted) return
  throw new DestinationError(
    `Table "${table.name}" was to get ${wanted} rows, and ${arrived} arrived. Nothing was loaded. Look for triggers or rules of the table that keep rows away.`,
    { kind: 'terminal', context: { table: table.name, expectedRows: wanted, loadedRows: arrived } },
  )
}

/** Writes the staged rows of a table whose key the destination does not have. */
export const insertUnknown = async (
  { executor }: Merge,
  { target, staged, columns }: StagedTable,
  key: readonly string[],
): Promise<void> => {
  const names = columnList(columns)
  await executor.execute(
    sql`INSERT INTO ${target} (${names}) SELECT ${names} FROM ${staged} AS n WHERE NOT ${hasSameKey(target, sql`n`, key)}`,
  )
}

/** Removes staged rows of a nested table whose parents the destination does not have: nothing would lead to them. */
export const dropParentless = async (
  { root, nested, dialect, executor }: Merge,
  { table, staged }: StagedTable,
): Promise<void> => {
  const parent = [root, ...nested].find(({ table: { name } }) => name === table.parent)
  const key = parentKeyOf(table)
  if (parent === undefined || key === undefined) return
  const rowKey = rowKeyOf(parent.table)
  const isParent = (row: SqlFragment) => (found: SqlFragment) => sql`${cell(found, rowKey)} = ${cell(row, key)}`
  await executor.execute(deleteWhere(dialect, staged, (row) => sql`NOT ${hasRow(parent.target, isParent(row))}`))
}
