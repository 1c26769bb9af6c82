import { DltError } from '../dlt-error.ts'
import type { Schema, TableSchema } from '../schema.ts'
import { mergeTable } from './merge-table.ts'
import { propagateRootKey } from './root-key.ts'
import { diffSchemas, type SchemaDiff } from './schema-diff.ts'
import { rootTableOf } from './table-tree.ts'

/** A schema after a change, and what changed. Its version and hash are still the old ones; `bumpSchema` sets them. */
export interface SchemaUpdate {
  readonly schema: Schema
  readonly diff: SchemaDiff
}

/** How {@link updateTable} merges. */
export interface UpdateTableOptions {
  /**
   * Whether columns of keys (primary, merge, partition, cluster, incremental) join those that the table has. When false,
   * incoming ones replace them: so a resource that declares another primary key gets it. True when absent.
   */
  readonly mergeCompoundProperties?: boolean
}

function requireParent(schema: Schema, table: TableSchema): void {
  if (!table.parent || schema.tables.has(table.parent)) return
  throw new DltError(
    `Table "${table.name}" is nested in "${table.parent}", which schema "${schema.name}" does not have. Declare the tables in between as well.`,
    { code: 'SCHEMA', context: { schema: schema.name, table: table.name } },
  )
}

/** Adds or merges one table, without telling what changed. */
export function applyTable(schema: Schema, partial: TableSchema, mergeCompoundProperties: boolean): Schema {
  requireParent(schema, partial)
  const existing = schema.tables.get(partial.name)
  const table = existing === undefined ? partial : mergeTable(schema.name, existing, partial, mergeCompoundProperties)
  const tables = new Map(schema.tables).set(table.name, table)
  return propagateRootKey({ ...schema, tables }, table.name)
}

/**
 * Adds a table to a schema, or merges it into the one that is there: settings and columns of `partial` win, nothing is
 * removed. Names must be normalized already (see `normalizeTable`). Where merging needs ids of root rows in nested tables,
 * the rule for them joins the schema.
 *
 * @throws DltError SCHEMA when a parent is missing, differs, or a nested table would get a resource.
 */
export function updateTable(schema: Schema, partial: TableSchema, options: UpdateTableOptions = {}): SchemaUpdate {
  const updated = applyTable(schema, partial, options.mergeCompoundProperties ?? true)
  return { schema: updated, diff: diffSchemas(schema.tables, updated.tables) }
}

/**
 * Adds or merges tables in their order, like {@link updateTable}, parents before the tables in them. Whether root keys are needed is
 * decided at the end. The time it takes grows with the number of tables, not with its square.
 *
 * @throws DltError SCHEMA when a parent is missing, differs, or a nested table would get a resource.
 */
export function updateTables(
  schema: Schema,
  partials: Iterable<TableSchema>,
  options: UpdateTableOptions = {},
): SchemaUpdate {
  const tables = new Map(schema.tables)
  const merged: Schema = { ...schema, tables }
  const roots = new Set<string>()
  for (const partial of partials) {
    requireParent(merged, partial)
    const existing = tables.get(partial.name)
    const keeps = options.mergeCompoundProperties ?? true
    tables.set(partial.name, existing === undefined ? partial : mergeTable(schema.name, existing, partial, keeps))
    roots.add(rootTableOf(merged, partial.name).name)
  }
  const updated = [...roots].reduce(propagateRootKey, merged)
  return { schema: updated, diff: diffSchemas(schema.tables, tables) }
}
