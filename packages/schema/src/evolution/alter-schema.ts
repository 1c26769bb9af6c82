import { DltError } from '../dlt-error.ts'
import { bumpSchema } from '../document/version.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { ColumnSchema, Schema, TableReference, TableSchema } from '../schema.ts'
import { droppedColumns, withoutColumns, withRenamedColumns } from './altered-columns.ts'
import { dltPrefix, requireTable } from './table-tree.ts'

/** A column that is dropped or gets another name, with all its values. */
export type ColumnChange =
  | { readonly table: string; readonly dropColumn: string }
  | { readonly table: string; readonly renameColumn: { readonly from: string; readonly to: string } }

/** What a change of a schema asks of a destination: a column that goes, or gets the name `to`. */
export interface ColumnAlteration {
  readonly tableName: string
  readonly column: string
  /** Its new name; absent where it is dropped. */
  readonly to?: string
}

/** A schema after a change of columns, and what must be done where its tables are. */
export interface AlteredSchema {
  readonly schema: Schema
  readonly alterations: readonly ColumnAlteration[]
}

/** Properties of a column without which rows cannot be told apart or found. */
const keys = ['primary_key', 'merge_key', 'row_key', 'parent_key', 'root_key'] as const

/**
 * Drops or renames a column, with its variants, and records it: data and hints that still have a dropped column add it no more, and
 * those for the old name of a renamed one go to the new name.
 *
 * @throws DltError SCHEMA where there is no such column, it is a key or one of the system's, or the new name is taken
 */
export function alterSchema(schema: Schema, change: ColumnChange): AlteredSchema {
  const table = requireTable(schema, change.table)
  return 'dropColumn' in change
    ? dropColumn(schema, table, change.dropColumn)
    : renameColumn(schema, table, change.renameColumn)
}

function dropColumn(schema: Schema, table: TableSchema, name: string): AlteredSchema {
  const column = requireColumn(schema, table, name)
  const key = keys.find((property) => column[property] === true)
  if (key !== undefined) {
    throw refused(schema, table, name, `it is a key ("${key}"). Take it out of the key of its resource first`)
  }
  const names = [name, ...variantsOf(table, name)]
  return {
    schema: withTable(schema, withoutColumns(table, new Set(names), name)),
    alterations: names.map((column) => ({ tableName: table.name, column })),
  }
}

function renameColumn(
  schema: Schema,
  table: TableSchema,
  { from, to }: { readonly from: string; readonly to: string },
): AlteredSchema {
  requireColumn(schema, table, from)
  const name = schemaNaming(schema).normalizePath(to)
  requireFree(schema, table, from, name)
  const names = new Map([from, ...variantsOf(table, from)].map((one) => [one, `${name}${one.slice(from.length)}`]))
  const renamed = withRenamedColumns(withReferences(table, names), names, from)
  const others = [...schema.tables.values()].map((other) => withReferencesTo(other, table.name, names))
  const tables = new Map(others.map((other) => [other.name, other]))
  return {
    schema: withTable({ ...schema, tables }, withReferencesTo(renamed, table.name, names)),
    alterations: [...names].map(([column, target]) => ({ tableName: table.name, column, to: target })),
  }
}

function requireColumn(schema: Schema, table: TableSchema, name: string): ColumnSchema {
  const column = table.columns.get(name)
  if (column === undefined) {
    const known = [...table.columns.keys()].map((one) => `"${one}"`).join(', ')
    throw refused(schema, table, name, `the table does not have it. It has ${known}`)
  }
  const prefix = schemaNaming(schema).normalizeIdentifier(dltPrefix)
  const isOwn = name.startsWith(prefix) || table.name.startsWith(prefix)
  if (isOwn) throw refused(schema, table, name, 'it is one of the system. Choose another one')
  if (propagatedNames(schema).has(name)) {
    throw refused(
      schema,
      table,
      name,
      'its values are copied into nested tables. Take the rule out of the schema first',
    )
  }
  return column
}

/** All names in the rules that copy values of rows into nested tables. */
function propagatedNames({ normalizers }: Schema): ReadonlySet<string> {
  const { root = {}, tables = {} } = normalizers.json.config?.propagation ?? {}
  const rules = [root, ...Object.values(tables)].flatMap((rule) => Object.entries(rule).flat())
  return new Set(rules)
}

function requireFree(schema: Schema, table: TableSchema, from: string, name: string): void {
  if (name === '' || name.startsWith(schemaNaming(schema).normalizeIdentifier(dltPrefix))) {
    throw refused(schema, table, from, `"${name}" cannot be its new name. Choose one that does not begin with "_dlt"`)
  }
  if (table.columns.has(name)) throw refused(schema, table, from, `there is a column "${name}". Choose another name`)
  if (droppedColumns(table).includes(name)) {
    throw refused(schema, table, from, `a column "${name}" was dropped. Choose another name`)
  }
}

function refused({ name: schema }: Schema, table: TableSchema, column: string, why: string): DltError {
  return new DltError(
    `Column "${column}" of table "${table.name}" (schema "${schema}") cannot be dropped or renamed: ${why}.`,
    { code: 'SCHEMA', context: { schema, table: table.name, column } },
  )
}

function variantsOf(table: TableSchema, name: string): readonly string[] {
  const columns = [...table.columns.values()]
  return columns.filter((one) => one.variant === true && one.name.startsWith(`${name}__v_`)).map((one) => one.name)
}

function withTable(schema: Schema, table: TableSchema): Schema {
  return bumpSchema({ ...schema, tables: new Map(schema.tables).set(table.name, table) })
}

function withReferences(table: TableSchema, names: ReadonlyMap<string, string>): TableSchema {
  if (table.references === undefined) return table
  const renamed = (one: TableReference) => ({ ...one, columns: one.columns.map((name) => names.get(name) ?? name) })
  return { ...table, references: table.references.map(renamed) }
}

function withReferencesTo(table: TableSchema, target: string, names: ReadonlyMap<string, string>): TableSchema {
  if (!table.references?.some(({ referenced_table: to }) => to === target)) return table
  const renamed = (one: TableReference): TableReference =>
    one.referenced_table === target
      ? { ...one, referenced_columns: one.referenced_columns.map((name) => names.get(name) ?? name) }
      : one
  return { ...table, references: table.references.map(renamed) }
}
