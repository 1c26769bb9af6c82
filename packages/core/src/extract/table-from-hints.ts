import {
  type ColumnSchema,
  createTable,
  DltError,
  type NamingConvention,
  normalizeFieldName,
  normalizeTable,
  type Schema,
  type TableSchema,
} from '@dlt/schema'
import { columnHintEntries } from './column-hints.ts'
import { normalizerMarks } from './normalizer-marks.ts'
import type { ResourceOptions } from './resource-options.ts'

/**
 * The table that a resource's hints describe: declared columns in their order, then key columns that were not declared.
 * Columns whose names become one are merged.
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
  const columns = declaredColumns(options)
  for (const name of columns.keys()) requireColumnName(name, options.name, schema, naming)
  const table = createTable(tableName, {
    resource: options.name,
    writeDisposition: options.writeDisposition ?? 'append',
    columns: columns.values(),
    ...nestingMark(options.maxTableNesting, schema.tables.get(tableName)),
  })
  // The reference system writes the keys of a resource's table in this order.
  const { name: _, resource: __, ...hints } = normalizeTable(table, naming)
  return { ...hints, name: tableName, resource: options.name }
}

function declaredColumns({ columns = [], primaryKey }: ResourceOptions): Map<string, ColumnSchema> {
  const declared = new Map(columnHintEntries(columns).map((column) => [column.name, column]))
  if (primaryKey === undefined) return declared
  // The key replaces flags of declared columns: as a hint of the table it is the stronger one.
  for (const [name, { primary_key: _, ...column }] of declared) declared.set(name, column)
  for (const name of [primaryKey].flat()) {
    const column = declared.get(name)
    const { nullable = false, ...rest } = column ?? {}
    declared.set(name, column ? { ...rest, name, primary_key: true, nullable } : { name, nullable, primary_key: true })
  }
  return declared
}

function requireColumnName(name: string, resource: string, schema: Schema, naming: NamingConvention): void {
  try {
    normalizeFieldName(schema, naming, name)
  } catch (error) {
    if (!DltError.is(error)) throw error
    throw new DltError(
      `Resource "${resource}": nothing is left of the column name "${name}" after normalizing it. Use a name with letters or digits.`,
      { code: error.code, context: { resource, column: name }, cause: error },
    )
  }
}

// `x-normalizer` is one value to a merge of tables; what normalize noted there must stay.
function nestingMark(maxNesting: number | undefined, known: TableSchema | undefined): object {
  if (maxNesting === undefined) return {}
  return { extensions: { 'x-normalizer': { ...normalizerMarks(known), max_nesting: maxNesting } } }
}
