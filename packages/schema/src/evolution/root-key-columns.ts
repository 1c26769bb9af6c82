import { inferColumn } from '../inference/infer-column.ts'
import { schemaNaming } from '../naming/schema-naming.ts'
import type { Schema, TableSchema } from '../schema.ts'
import { mergeStrategyOf } from './root-key.ts'
import { childTables, hintColumns, isNestedTable } from './table-tree.ts'

/**
 * The schema with the column for the id of the root row in all tables nested in a root table that is merged by such ids. Tables that
 * were filled before the root table was merged lack it, and get no rows that would bring it in a load without such rows: but what is
 * nested in a replaced row must be found. The destination fills it for the rows that are there.
 *
 * @param rootTable one that the schema has
 */
export function withRootKeyColumns(schema: Schema, rootTable: string): Schema {
  const root = schema.tables.get(rootTable)
  if (root === undefined || isNestedTable(root) || !isMergedByRootKey(schema, root)) return schema
  const lacking = childTables(schema, rootTable).filter(
    (table) =>
      isNestedTable(table) &&
      hasData(table) &&
      hintColumns(table, 'root_key', { includeIncomplete: false }).length === 0,
  )
  if (lacking.length === 0) return schema
  const name = schemaNaming(schema).normalizePath('_dlt_root_id')
  const column = inferColumn(schema, name, 'text')
  const tables = new Map(schema.tables)
  for (const table of lacking) {
    const columns = new Map(table.columns)
    // A column that gets its type comes last: only then it is created.
    const declared = columns.get(name)
    columns.delete(name)
    tables.set(table.name, { ...table, columns: columns.set(name, { ...column, ...declared, data_type: 'text' }) })
  }
  return { ...schema, tables }
}

function isMergedByRootKey(schema: Schema, root: TableSchema): boolean {
  const strategy = mergeStrategyOf(schema, root)
  if (strategy === undefined || strategy === 'scd2') return false
  const rules = schema.normalizers.json.config?.propagation?.tables
  const name = schemaNaming(schema).normalizePath('_dlt_root_id')
  return rules !== undefined && Object.hasOwn(rules, root.name) && Object.values(rules[root.name] ?? {}).includes(name)
}

function hasData({ 'x-normalizer': marks }: TableSchema): boolean {
  return typeof marks === 'object' && marks !== null && 'seen-data' in marks && marks['seen-data'] === true
}
