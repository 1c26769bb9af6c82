import { DltError } from '../dlt-error.ts'
import type { ColumnSchema, TableReference, TableSchema } from '../schema.ts'
import { survivingColumns } from './altered-columns.ts'
import { isCompleteColumn, isCompoundProperty, isDefaultProperty } from './column-properties.ts'
import { settlePromotion } from './promoted-column.ts'
import { isNestedTable } from './table-tree.ts'

type Columns = ReadonlyMap<string, ColumnSchema>

function compoundPropertiesOf(columns: Columns): ReadonlySet<string> {
  const found = new Set<string>()
  for (const column of columns.values()) {
    for (const [property, value] of Object.entries(column)) {
      if (isCompoundProperty(property) && !isDefaultProperty(property, value)) found.add(property)
    }
  }
  return found
}

/** Columns without some properties. One that an incoming column sets again comes last among its column's, as in the reference. */
function removeProperties(columns: Columns, properties: ReadonlySet<string>): Columns {
  if (properties.size === 0) return columns
  return new Map(Array.from(columns, ([name, column]) => [name, withoutProperties(column, properties)]))
}

function withoutProperties(column: ColumnSchema, properties: ReadonlySet<string>): ColumnSchema {
  const kept = Object.entries(column).filter(([property]) => !properties.has(property))
  const { name } = column
  // The keys keep their order, the name's among them.
  return Object.assign(Object.fromEntries(kept), { name })
}

/** Whether columns say only what is known, and mark the same columns together. */
function areKnown(existing: Columns, incoming: Columns): boolean {
  const marks = compoundPropertiesOf(incoming)
  return (
    existing.values().every((column) => {
      const again = incoming.get(column.name)
      const given: object = again ?? {}
      return (
        (again === undefined || isKnown(column, again)) &&
        Object.keys(column).every((property) => !marks.has(property) || property in given)
      )
    }) && incoming.keys().every((name) => existing.has(name))
  )
}

/** Whether a column stays as it is when another state of it is merged in; a promotion may take properties away. */
function isKnown(column: ColumnSchema, again: ColumnSchema): boolean {
  const merged = mergeColumn(column, again)
  const known = new Map<string, unknown>(Object.entries(column))
  const entries = Object.entries(merged)
  return entries.length === known.size && entries.every(([property, value]) => known.get(property) === value)
}

function mergeColumn(existing: ColumnSchema, incoming: ColumnSchema): ColumnSchema {
  const [before, after] = settlePromotion(existing, incoming)
  return { ...before, ...after }
}

/**
 * Merges columns into those of a table: settings of incoming columns win, new columns come last. A column that had no data
 * type and gets one moves to the end, because only then it is created.
 */
export function mergeColumns(existing: Columns, incoming: Columns, mergeCompoundProperties: boolean): Columns {
  const replaced = mergeCompoundProperties ? new Set<string>() : compoundPropertiesOf(incoming)
  const merged = new Map(removeProperties(existing, replaced))
  for (const [name, column] of incoming) {
    const earlier = merged.get(name)
    if (earlier !== undefined && isCompleteColumn(column) && !isCompleteColumn(earlier)) merged.delete(name)
    merged.set(name, earlier === undefined ? column : mergeColumn(earlier, column))
  }
  return merged
}

function mergeReferences(
  existing: readonly TableReference[],
  incoming: readonly TableReference[],
): readonly TableReference[] {
  const merged = new Map(existing.map((reference) => [reference.referenced_table, reference]))
  for (const reference of incoming) {
    const earlier = merged.get(reference.referenced_table)
    if (earlier === undefined || columnPairs(earlier) !== columnPairs(reference)) {
      merged.set(reference.referenced_table, reference)
    }
  }
  return [...merged.values()]
}

/** The pairs of columns of a reference, in a form that can be compared. */
function columnPairs(reference: TableReference): string {
  const pairs = reference.columns.map((column, index) => [column, reference.referenced_columns[index]])
  return JSON.stringify(pairs.sort(([left = ''], [right = '']) => (left < right ? -1 : 1)))
}

function refuseConflict(
  schemaName: string,
  table: string,
  property: string,
  existing: string,
  incoming: string,
): never {
  throw new DltError(
    `Table "${table}" of schema "${schemaName}" has ${property} ${existing} and cannot get ${incoming}. Load the data into a table of another name.`,
    { code: 'SCHEMA', context: { schema: schemaName, table } },
  )
}

function hasSettings(existing: TableSchema, { columns: _, ...settings }: Omit<TableSchema, 'references'>): boolean {
  const known = new Map<string, unknown>(Object.entries(existing))
  return Object.entries(settings).every(([name, value]) => JSON.stringify(known.get(name)) === JSON.stringify(value))
}

function quoted(name: string | undefined): string {
  return name ? `"${name}"` : 'none'
}

function requireCompatible(schemaName: string, existing: TableSchema, incoming: TableSchema): void {
  if ((existing.parent ?? '') !== (incoming.parent ?? '')) {
    refuseConflict(schemaName, existing.name, 'parent', quoted(existing.parent), quoted(incoming.parent))
  }
  if (isNestedTable(existing) && incoming.resource) {
    refuseConflict(schemaName, existing.name, 'resource', 'none', quoted(incoming.resource))
  }
}

/**
 * A table with the settings and columns of another merged in.
 *
 * @throws DltError SCHEMA when their parents differ, or a nested table would get a resource.
 */
export function mergeTable(
  schemaName: string,
  existing: TableSchema,
  incoming: TableSchema,
  mergeCompoundProperties: boolean,
): TableSchema {
  requireCompatible(schemaName, existing, incoming)
  const { references, ...settings } = incoming
  // What brings nothing is not written anew, so that the settings of its columns keep their order, as in the reference.
  if (!references?.length && hasSettings(existing, settings) && areKnown(existing.columns, incoming.columns))
    return existing
  return {
    ...existing,
    ...(references?.length && { references: mergeReferences(existing.references ?? [], references) }),
    ...settings,
    columns: mergeColumns(existing.columns, survivingColumns(existing, incoming.columns), mergeCompoundProperties),
  }
}
