import { createTable, DltError, normalizeListName, normalizeTable, type TableSchema } from '@dlt/schema'
import { markMergeColumns, mergeExtensions } from '../dispositions/disposition-table.ts'
import { dispositionName } from '../dispositions/write-disposition.ts'
import { nestedPaths } from './nested-paths.ts'
import type { NestedHints, NestedTableHints } from './resource-options.ts'
import { declaredColumns, hasKeys, requireColumnName, type TableContext } from './table-from-hints.ts'

/**
 * The tables of nested lists that hints describe, parents first. One with keys of its own stands on its own, as a root table of the
 * resource; the others belong to their parents.
 *
 * @param rootTable normalized name of the root table
 * @throws DltError `IDENTIFIER` for a name that normalizes to nothing
 */
export function nestedTables(hints: NestedHints, rootTable: string, context: TableContext): readonly TableSchema[] {
  return nestedPaths(hints)
    .toSorted(([left], [right]) => left.length - right.length)
    .map(([path, tableHints]) => nestedTable(path, tableHints, rootTable, context))
}

/** The normalized name of the table of a nested list. */
export function nestedTableName(path: readonly string[], rootTable: string, context: TableContext): string {
  return context.naming.shortenFragments(rootTable, ...path.map((key) => listName(key, context)))
}

function nestedTable(
  path: readonly string[],
  hints: NestedTableHints,
  rootTable: string,
  context: TableContext,
): TableSchema {
  const { options, naming } = context
  const name = nestedTableName(path, rootTable, context)
  const parent = nestedTableName(path.slice(0, -1), rootTable, context)
  const columns = declaredColumns(hints)
  const { writeDisposition: disposition, references, schemaContract } = hints
  const writeDisposition = disposition === undefined ? undefined : dispositionName(disposition)
  if (disposition !== undefined) markMergeColumns(columns, disposition)
  for (const column of columns.keys()) requireColumnName(column, context)
  const own = normalizeTable(
    createTable(name, {
      resource: options.name,
      columns: columns.values(),
      ...(writeDisposition !== undefined && { writeDisposition }),
      ...(schemaContract !== undefined && { schemaContract }),
      ...(references !== undefined && { references }),
      ...(disposition !== undefined && { extensions: mergeExtensions(disposition) }),
    }),
    naming,
  )
  // The reference system writes the keys of such a table in this order.
  const { name: _, resource = options.name, write_disposition: ownDisposition, ...rest } = own
  const contract = schemaContract === undefined ? {} : { schema_contract: schemaContract }
  const first = writeDisposition !== undefined && writeDisposition !== 'merge'
  const said = { ...(writeDisposition !== undefined && { write_disposition: writeDisposition }) }
  const settings = first ? { ...contract, ...said, ...rest } : { ...contract, ...rest, ...said }
  if (!hasKeys(own)) return { ...settings, name, parent }
  return { ...settings, ...(ownDisposition && { write_disposition: ownDisposition }), name, resource }
}

function listName(key: string, { options, schema, naming }: TableContext): string {
  try {
    return normalizeListName(schema, naming, key)
  } catch (error) {
    if (!DltError.is(error)) throw error
    throw new DltError(
      `Resource "${options.name}": nothing is left of the key "${key}" of nestedHints after normalizing it. Use the key of a list.`,
      { code: error.code, context: { resource: options.name }, cause: error },
    )
  }
}
