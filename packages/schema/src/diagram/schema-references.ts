import { isCompleteColumn } from '../evolution/column-properties.ts'
import { hintColumns, rootTableOf } from '../evolution/table-tree.ts'
import type { NamingConvention } from '../naming/naming-convention.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { Schema, TableReference, TableSchema } from '../schema.ts'

/** A relation between two tables of a schema. */
export interface SchemaReference extends TableReference {
  /** The table that refers. */
  readonly table: string
}

/**
 * The relations between the tables of a schema: those that tables declare, of root tables to the load of their rows, of nested
 * tables to the row that they belong to and to its root, and between the system's own tables. Relations to tables or columns that
 * do not exist are left out, and so are repetitions.
 */
export function schemaReferences(schema: Schema): readonly SchemaReference[] {
  const naming = schemaNaming(schema)
  const references = [...schema.tables.values()].flatMap((table) => tableReferences(schema, table, naming))
  const found = [...references, ...systemReferences(naming)].filter((reference) => exists(schema, reference))
  return [...new Map(found.map((reference) => [endpoints(reference), reference])).values()]
}

function tableReferences(schema: Schema, table: TableSchema, naming: NamingConvention): readonly SchemaReference[] {
  const declared = (table.references ?? []).map((reference) => ({ ...reference, table: table.name }))
  const load: SchemaReference = {
    label: '_dlt_load',
    cardinality: 'many_to_one',
    table: table.name,
    columns: [naming.normalizeIdentifier('_dlt_load_id')],
    referenced_table: naming.normalizeTableIdentifier('_dlt_loads'),
    referenced_columns: [naming.normalizeIdentifier('load_id')],
  }
  if (!table.parent) return [...declared, load]
  const root = rootTableOf(schema, table.name)
  return [
    ...declared,
    load,
    ...rowReference(schema, table, { key: 'parent_key', label: '_dlt_parent', to: table.parent }),
    ...rowReference(schema, table, { key: 'root_key', label: '_dlt_root', to: root.name }),
  ]
}

function rowReference(
  schema: Schema,
  table: TableSchema,
  { key, label, to }: { readonly key: 'parent_key' | 'root_key'; readonly label: string; readonly to: string },
): readonly SchemaReference[] {
  const referred = schema.tables.get(to)
  const [column] = hintColumns(table, key)
  const [rowKey] = referred === undefined ? [] : hintColumns(referred, 'row_key')
  if (column === undefined || rowKey === undefined) return []
  const columns = { columns: [column], referenced_columns: [rowKey] }
  return [{ label, cardinality: 'many_to_one', table: table.name, referenced_table: to, ...columns }]
}

function systemReferences(naming: NamingConvention): readonly SchemaReference[] {
  const column = (name: string) => naming.normalizeIdentifier(name)
  const tables = {
    table: naming.normalizeTableIdentifier('_dlt_version'),
    referenced_table: naming.normalizeTableIdentifier('_dlt_loads'),
  }
  return [
    {
      ...tables,
      label: '_dlt_schema_version',
      cardinality: 'one_to_many',
      columns: [column('version_hash')],
      referenced_columns: [column('schema_version_hash')],
    },
    {
      ...tables,
      label: '_dlt_schema_name',
      cardinality: 'many_to_many',
      columns: [column('schema_name')],
      referenced_columns: [column('schema_name')],
    },
  ]
}

function exists({ tables }: Schema, reference: SchemaReference): boolean {
  const has = (table: string, columns: readonly string[]): boolean =>
    columns.length > 0 &&
    columns.every((name) => {
      const column = tables.get(table)?.columns.get(name)
      return column !== undefined && isCompleteColumn(column)
    })
  return (
    reference.columns.length === reference.referenced_columns.length &&
    has(reference.table, reference.columns) &&
    has(reference.referenced_table, reference.referenced_columns)
  )
}

function endpoints({ table, columns, referenced_table, referenced_columns }: SchemaReference): string {
  return JSON.stringify([table, columns, referenced_table, referenced_columns])
}
