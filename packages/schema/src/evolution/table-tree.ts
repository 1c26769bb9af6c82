import { DltError } from '../dlt-error.ts'
import type { ColumnSchema, Schema, TableSchema } from '../schema.ts'
import { columnHasHint, isCompleteColumn } from './column-properties.ts'

/** What names of the system's own tables and columns begin with. */
export const dltPrefix = '_dlt'

/**
 * Whether a table (or a column) is the system's own.
 *
 * @param prefix what such names begin with; `_dlt` when absent. It differs only under conventions that change `_dlt`.
 */
export function isDltTable(name: string, prefix: string = dltPrefix): boolean {
  return name.startsWith(prefix)
}

/** Whether a table holds rows of lists of another table. */
export function isNestedTable(table: TableSchema): boolean {
  return Boolean(table.parent)
}

/**
 * Names of the columns of a table that carry a hint.
 *
 * @param options.includeIncomplete whether columns without a data type count too; true when absent.
 */
export function hintColumns(
  table: TableSchema,
  hint: keyof ColumnSchema,
  options: { readonly includeIncomplete?: boolean } = {},
): string[] {
  const names: string[] = []
  for (const [name, column] of table.columns) {
    if (columnHasHint(column, hint) && (options.includeIncomplete !== false || isCompleteColumn(column)))
      names.push(name)
  }
  return names
}

/** A table of a schema. @throws DltError SCHEMA when there is none of that name. */
export function requireTable(schema: Schema, name: string): TableSchema {
  const table = schema.tables.get(name)
  if (table !== undefined) return table
  throw new DltError(`Schema "${schema.name}" has no table "${name}". Check the name, or load data into it first.`, {
    code: 'SCHEMA',
    context: { schema: schema.name, table: name },
  })
}

/**
 * The table at the top of a chain of nested tables; a root table is its own.
 *
 * @throws DltError SCHEMA when the table, or a parent of it, does not exist, or parents form a circle.
 */
export function rootTableOf(schema: Schema, name: string): TableSchema {
  let table = requireTable(schema, name)
  for (let steps = 0; table.parent; steps++) {
    if (steps > schema.tables.size) {
      throw new DltError(
        `Table "${name}" of schema "${schema.name}" is its own ancestor. Correct the parents of its tables.`,
        {
          code: 'SCHEMA',
          context: { schema: schema.name, table: name },
        },
      )
    }
    table = requireTable(schema, table.parent)
  }
  return table
}

function groupByParent(schema: Schema): ReadonlyMap<string, readonly TableSchema[]> {
  const groups = new Map<string, TableSchema[]>()
  for (const table of schema.tables.values()) {
    if (!table.parent) continue
    const group = groups.get(table.parent)
    if (group === undefined) groups.set(table.parent, [table])
    else group.push(table)
  }
  return groups
}

/** A table and all tables nested in it, every parent before its children. Empty when there is no such table. */
export function childTables(schema: Schema, root: string): TableSchema[] {
  const byParent = groupByParent(schema)
  const chain: TableSchema[] = []
  const visit = (table: TableSchema): void => {
    if (chain.includes(table)) return
    chain.push(table)
    for (const child of byParent.get(table.name) ?? []) visit(child)
  }
  const table = schema.tables.get(root)
  if (table !== undefined) visit(table)
  return chain
}
