import { isCompleteColumn } from '../evolution/column-properties.ts'
import { isDltTable } from '../evolution/table-tree.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { ColumnSchema, Schema, TableSchema } from '../schema.ts'
import { type SchemaReference, schemaReferences } from './schema-references.ts'

/** What a diagram of a schema shows. */
export interface DiagramOptions {
  /** Whether the system's own tables are shown, and the relations to them. Default: true. */
  readonly includeDltTables?: boolean
  /** Whether descriptions of tables and columns are shown. Default: true. */
  readonly includeDescriptions?: boolean
}

/** A table in a diagram. */
export interface DiagramTable {
  readonly table: TableSchema
  /** The columns that exist; at least one. */
  readonly columns: readonly ColumnSchema[]
}

/** The tables that a diagram shows, in the schema's order, and the relations between them. */
export function diagramParts(
  schema: Schema,
  { includeDltTables = true }: DiagramOptions,
): { readonly tables: readonly DiagramTable[]; readonly references: readonly SchemaReference[] } {
  const prefix = schemaNaming(schema).normalizeTableIdentifier('_dlt')
  const isShown = (name: string) => includeDltTables || !isDltTable(name, prefix)
  const tables = [...schema.tables.values()]
    .filter(({ name }) => isShown(name))
    .map((table) => ({ table, columns: [...table.columns.values()].filter(isCompleteColumn) }))
    .filter(({ columns }) => columns.length > 0)
  const references = schemaReferences(schema).filter((one) => isShown(one.table) && isShown(one.referenced_table))
  return { tables, references }
}
