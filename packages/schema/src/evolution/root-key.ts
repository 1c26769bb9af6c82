import { schemaNaming } from '../naming/schema-naming.ts'
import type { JsonNormalizerConfig, MergeStrategy, Schema, TableSchema } from '../schema.ts'
import { childTables, dltPrefix, hintColumns, isDltTable, isNestedTable, rootTableOf } from './table-tree.ts'

/**
 * How a table with the write disposition `merge` is merged: its `x-merge-strategy` or that of a parent. `undefined` for other
 * write dispositions.
 *
 * @param fallback the strategy where none says one; `delete-insert` when absent
 */
export function mergeStrategyOf(
  schema: Schema,
  table: TableSchema,
  fallback: MergeStrategy = 'delete-insert',
): string | undefined {
  if (table.write_disposition !== 'merge') return undefined
  const strategy = table['x-merge-strategy']
  if (typeof strategy === 'string') return strategy
  const parent = table.parent ? schema.tables.get(table.parent) : undefined
  return parent === undefined ? fallback : mergeStrategyOf(schema, { ...parent, write_disposition: 'merge' }, fallback)
}

/** Whether the ids of a root table's rows are hashes of everything in them: it keeps their history, and has no other version of rows. */
export function hasRowHashes(schema: Schema, table: TableSchema): boolean {
  if (mergeStrategyOf(schema, table) !== 'scd2') return false
  return hintColumns(table, 'x-row-version')[0] === schemaNaming(schema).normalizeIdentifier('_dlt_id')
}

function requiresRootKey(schema: Schema, root: TableSchema, prefix: string): boolean {
  const strategy = mergeStrategyOf(schema, root)
  const propagation = schema.normalizers.json.config?.root_key_propagation
  const byStrategy = strategy !== undefined && strategy !== 'scd2'
  if (!isDltTable(root.name, prefix) && (propagation ?? byStrategy)) return true
  return childTables(schema, root.name).some((table) => hintColumns(table, 'root_key').length > 0)
}

function withPropagation(schema: Schema, root: string, from: string, to: string): Schema {
  const { json } = schema.normalizers
  const propagation = json.config?.propagation
  const known = propagation?.tables
  const rules = known && Object.hasOwn(known, root) ? known[root] : undefined
  if (rules && Object.hasOwn(rules, from) && rules[from] === to) return schema
  const tables = { ...known, [root]: { ...rules, [from]: to } }
  const config: JsonNormalizerConfig = { ...json.config, propagation: { ...propagation, tables } }
  return { ...schema, normalizers: { ...schema.normalizers, json: { ...json, config } } }
}

/**
 * The schema with the rule that copies the id of root rows into all nested tables, when the root table of `tableName`
 * needs it: its merge strategy finds nested rows by that id, the schema demands it, or a table has such a column already.
 */
export function propagateRootKey(schema: Schema, tableName: string): Schema {
  const root = rootTableOf(schema, tableName)
  const naming = schemaNaming(schema)
  if (!requiresRootKey(schema, root, naming.normalizeTableIdentifier(dltPrefix))) return schema
  const rowKey = hintColumns(root, 'row_key')[0] ?? naming.normalizeIdentifier('_dlt_id')
  return withPropagation(schema, root.name, naming.normalizePath(rowKey), naming.normalizePath('_dlt_root_id'))
}

/** The schema with the rules for all its root tables, as {@link propagateRootKey} makes them: after its normalizers were replaced. */
export function propagateRootKeys(schema: Schema): Schema {
  const roots = [...schema.tables.values()].filter((table) => !isNestedTable(table))
  return roots.map(({ name }) => name).reduce(propagateRootKey, schema)
}
