import { type ColumnSchema, childTables, isCompleteColumn, type Schema, type TableSchema } from '@dlt/schema'
import { hasSeenData } from '../seen-data.ts'

/** A table as far as it exists at a destination. */
export interface ChainTable {
  readonly table: TableSchema
  /** Columns with a type, in the schema's order. */
  readonly columns: readonly ColumnSchema[]
}

/** A root table and the tables nested in it, every parent before its children. */
export interface TableChain {
  readonly root: ChainTable
  readonly nested: readonly ChainTable[]
}

const chainTable = (table: TableSchema): ChainTable => ({
  table,
  columns: [...table.columns.values()].filter(isCompleteColumn),
})

/**
 * The tables of a root that exist at a destination: such as had data before or get some now.
 *
 * @param filled names of the tables that get rows now
 */
export const tableChain = (schema: Schema, root: TableSchema, filled: ReadonlySet<string>): TableChain => ({
  root: chainTable(root),
  nested: childTables(schema, root.name)
    .filter((table) => table.name !== root.name && (filled.has(table.name) || hasSeenData(table)))
    .map(chainTable)
    .filter(({ columns }) => columns.length > 0),
})
