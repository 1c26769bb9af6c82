import {
  type ColumnSchema,
  createTable,
  DltError,
  type Extensions,
  hintColumns,
  type NamingConvention,
  normalizeFieldName,
  normalizeTable,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import { markMergeColumns, mergeExtensions } from '../dispositions/disposition-table.ts'
import { dispositionName } from '../dispositions/write-disposition.ts'
import { columnHintEntries } from './column-hints.ts'
import { cursorColumn } from './cursor-column.ts'
import { normalizerMarks } from './normalizer-marks.ts'
import type { ResolvedHints } from './resolved-hints.ts'
import type { ResourceOptions } from './resource-options.ts'

/** What the tables of a resource are made of, beside the hints for an item. */
export interface TableContext {
  /** The resource's own options. */
  readonly options: Pick<ResourceOptions, 'name' | 'maxTableNesting' | 'incremental'>
  /** Name of the table's variant, where its hints are those of one. */
  readonly variant?: string
  readonly schema: Schema
  readonly naming: NamingConvention
}

/**
 * The table that hints describe: declared columns in their order, then key columns that were not declared, then the cursor's.
 * Columns whose names become one are merged.
 *
 * @param tableName normalized name of the table
 * @throws DltError `IDENTIFIER` for a column whose name normalizes to nothing
 */
export function tableFromHints(hints: ResolvedHints, tableName: string, context: TableContext): TableSchema {
  const { options, variant, schema, naming } = context
  const { name: resource, maxTableNesting, incremental } = options
  const columns = declaredColumns(hints)
  markMergeColumns(columns, hints.writeDisposition)
  const cursor = incremental === undefined ? undefined : cursorColumn(incremental.cursorPath)
  if (cursor !== undefined) columns.set(cursor, { ...(columns.get(cursor) ?? { name: cursor }), incremental: true })
  for (const name of columns.keys()) requireColumnName(name, context)
  const table = createTable(tableName, {
    resource,
    writeDisposition: dispositionName(hints.writeDisposition),
    columns: columns.values(),
    ...(hints.schemaContract !== undefined && { schemaContract: hints.schemaContract }),
    ...(hints.references !== undefined && { references: hints.references }),
    extensions: nestingMark(maxTableNesting, schema.tables.get(tableName)),
  })
  // The reference system writes the keys of a resource's table in this order.
  const { name: _, resource: __, columns: normalized, ...rest } = normalizeTable(table, naming)
  const settings = { columns: normalized, ...mergeExtensions(hints.writeDisposition), ...rest }
  return { ...settings, name: tableName, resource, ...(variant !== undefined && { variant_name: variant }) }
}

/** Declared columns with the flags of keys; also those of a nested table. */
export function declaredColumns({
  columns = [],
  primaryKey,
  mergeKey,
}: Partial<Pick<ResolvedHints, 'columns' | 'primaryKey' | 'mergeKey'>>): Map<string, ColumnSchema> {
  const declared = new Map(columnHintEntries(columns).map((column) => [column.name, column]))
  if (primaryKey !== undefined) markKey(declared, 'primary_key', primaryKey)
  if (mergeKey !== undefined) markKey(declared, 'merge_key', mergeKey)
  return declared
}

// The key replaces flags of declared columns: as a hint of the table it is the stronger one.
function markKey(
  declared: Map<string, ColumnSchema>,
  flag: 'primary_key' | 'merge_key',
  key: string | readonly string[],
): void {
  for (const [name, { [flag]: _, ...column }] of declared) declared.set(name, column)
  for (const name of [key].flat()) {
    const column = declared.get(name)
    const { nullable = false, ...rest } = column ?? {}
    declared.set(name, column ? { ...rest, name, [flag]: true, nullable } : { name, nullable, [flag]: true })
  }
}

/** Whether a table has a primary or merge key: a nested one then stands on its own. */
export function hasKeys(table: TableSchema): boolean {
  const options = { includeIncomplete: true }
  return hintColumns(table, 'primary_key', options).length > 0 || hintColumns(table, 'merge_key', options).length > 0
}

/** @throws DltError `IDENTIFIER` when nothing is left of a column's name */
export function requireColumnName(name: string, { options, schema, naming }: TableContext): void {
  try {
    normalizeFieldName(schema, naming, name)
  } catch (error) {
    if (!DltError.is(error)) throw error
    const context = { resource: options.name, column: name }
    throw new DltError(
      `Resource "${options.name}": nothing is left of the column name "${name}" after normalizing it. Use a name with letters or digits.`,
      { code: error.code, context, cause: error },
    )
  }
}

// `x-normalizer` is one value to a merge of tables; what normalize noted there must stay.
function nestingMark(maxNesting: number | undefined, known: TableSchema | undefined): Extensions {
  if (maxNesting === undefined) return {}
  return { 'x-normalizer': { ...normalizerMarks(known), max_nesting: maxNesting } }
}
