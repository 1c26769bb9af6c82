import { type ColumnSchema, columnHasHint, isNestedTable, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { SqlFragment } from '../sql-fragment.ts'
import { cell } from './row-conditions.ts'
import { parentKeyOf, rowKeyOf } from './table-keys.ts'

/** A table and its qualified name at the destination. */
export interface NamedTable {
  readonly table: TableSchema
  readonly target: SqlFragment
}

const isRootKey = (column: ColumnSchema): boolean => columnHasHint(column, 'root_key')

const rootKeyIn = (table: TableSchema): string | undefined => [...table.columns.values()].find(isRootKey)?.name

/**
 * Gives rows of a nested table the id of their root row where they have none: for a child of the root table its parent's id, below that what
 * the parent has. Undefined where there is nothing to take it from.
 */
export const fillRootKey = ({ table, target }: NamedTable, parent: NamedTable): SqlFragment | undefined => {
  const rootKey = rootKeyIn(table)
  const parentKey = parentKeyOf(table)
  if (rootKey === undefined || parentKey === undefined) return undefined
  const lacksIt = sql`${cell(target, rootKey)} IS NULL`
  if (!isNestedTable(parent.table))
    return sql`UPDATE ${target} SET ${sql.id(rootKey)} = ${sql.id(parentKey)} WHERE ${lacksIt}`
  const parentRoot = rootKeyIn(parent.table)
  if (parentRoot === undefined) return undefined
  const isParent = sql`${cell(sql`s`, rowKeyOf(parent.table))} = ${cell(target, parentKey)}`
  return sql`UPDATE ${target} SET ${sql.id(rootKey)} = ${cell(sql`s`, parentRoot)} FROM ${parent.target} AS s WHERE ${isParent} AND ${lacksIt}`
}

/**
 * The same for all tables of a chain, parents before their children. Rows without the id of a root row come from pipelines that append to a
 * table which others merge; a merge could not delete them with their root rows.
 */
export const fillRootKeys = (root: NamedTable, nested: readonly NamedTable[]): readonly SqlFragment[] => {
  const byName = new Map([root, ...nested].map((one) => [one.table.name, one]))
  return nested.flatMap((one) => {
    const parent = byName.get(one.table.parent ?? '')
    return (parent && fillRootKey(one, parent)) ?? []
  })
}
