import {
  type ColumnSchema,
  createTable,
  DltError,
  type JsonValue,
  type NamingConvention,
  normalizeFieldName,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import { columnHintEntries } from './column-hints.ts'
import type { ResourceOptions } from './resource-options.ts'

/**
 * The table that a resource's hints describe: declared columns in their order, then key columns that were not declared.
 *
 * @param tableName normalized name of the table
 * @throws DltError `IDENTIFIER` for a column whose name normalizes to nothing
 */
export function tableFromHints(
  options: ResourceOptions,
  tableName: string,
  schema: Schema,
  naming: NamingConvention,
): TableSchema {
  const columns = new Map<string, ColumnSchema>()
  const normalize = (name: string): string => columnName(name, options.name, schema, naming)
  for (const hint of columnHintEntries(options.columns ?? [])) {
    const name = normalize(hint.name)
    columns.set(name, { ...columns.get(name), ...hint, name })
  }
  if (options.primaryKey !== undefined) markPrimaryKey(columns, [options.primaryKey].flat().map(normalize))
  const table = createTable(tableName, {
    resource: options.name,
    writeDisposition: options.writeDisposition ?? 'append',
    columns: columns.values(),
  })
  return withNesting(table, options.maxTableNesting, schema.tables.get(tableName))
}

function columnName(name: string, resource: string, schema: Schema, naming: NamingConvention): string {
  try {
    return normalizeFieldName(schema, naming, name)
  } catch (error) {
    if (!DltError.is(error)) throw error
    throw new DltError(
      `Resource "${resource}": nothing is left of the column name "${name}" after normalizing it. Use a name with letters or digits.`,
      { code: error.code, context: { resource, column: name }, cause: error },
    )
  }
}

// The key replaces flags of declared columns, as a hint of the table it is the stronger one.
function markPrimaryKey(columns: Map<string, ColumnSchema>, keys: readonly string[]): void {
  for (const [name, { primary_key: _, ...column }] of columns) columns.set(name, column)
  for (const name of keys) {
    const { nullable = false, ...column } = columns.get(name) ?? { name }
    columns.set(name, { ...column, nullable, primary_key: true })
  }
}

// `x-normalizer` is one value to a merge of tables; what normalize wrote there must stay.
function withNesting(table: TableSchema, maxNesting: number | undefined, known: TableSchema | undefined): TableSchema {
  if (maxNesting === undefined) return table
  const marks = known?.['x-normalizer']
  return { ...table, 'x-normalizer': { ...(isRecord(marks) ? marks : {}), max_nesting: maxNesting } }
}

function isRecord(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
