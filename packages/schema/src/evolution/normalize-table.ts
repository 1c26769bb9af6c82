import type { NamingConvention } from '../naming/naming-convention.ts'
import type { ColumnSchema, TableReference, TableSchema } from '../schema.ts'
import { removeColumnDefaults } from './column-properties.ts'

function normalizeColumns(table: TableSchema, naming: NamingConvention): ReadonlyMap<string, ColumnSchema> {
  const columns = new Map<string, ColumnSchema>()
  for (const column of table.columns.values()) {
    const name = naming.normalizePath(column.name)
    const renamed = { ...column, name }
    const earlier = columns.get(name)
    columns.set(name, earlier === undefined ? renamed : { ...earlier, ...removeColumnDefaults(renamed) })
  }
  return columns
}

function normalizeReferences(
  references: readonly TableReference[],
  naming: NamingConvention,
): readonly TableReference[] {
  const normalized = references.map((reference) => ({
    ...reference,
    referenced_table: naming.normalizeTablesPath(reference.referenced_table),
    columns: reference.columns.map((column) => naming.normalizePath(column)),
    referenced_columns: reference.referenced_columns.map((column) => naming.normalizePath(column)),
  }))
  return [...new Map(normalized.map((reference) => [reference.referenced_table, reference])).values()]
}

/**
 * A table with all names in it normalized, as hints that a user declares must be before they join a schema. Columns that
 * become one are merged, the later one's settings win. The name of the resource stays.
 *
 * @throws DltError IDENTIFIER when a name is empty.
 */
export function normalizeTable(table: TableSchema, naming: NamingConvention): TableSchema {
  return {
    ...table,
    name: naming.normalizeTablesPath(table.name),
    columns: normalizeColumns(table, naming),
    ...(table.parent && { parent: naming.normalizeTablesPath(table.parent) }),
    ...(table.references && { references: normalizeReferences(table.references, naming) }),
  }
}
