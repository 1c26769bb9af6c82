import type { TableSchema, WriteDisposition } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import { dispositionName, replaces, type WriteDispositionHint } from '../dispositions/write-disposition.ts'
import type { EvolvingSchema } from '../hints/evolving-schema.ts'
import { nestedPaths } from '../hints/nested-paths.ts'
import { nestedTableName } from '../hints/nested-tables.ts'
import { normalizerMarks } from '../hints/normalizer-marks.ts'
import { shredderOptions } from '../hints/shredder-options.ts'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { ResourceMetrics } from './extract-metrics.ts'
import { TablePages } from './table-pages.ts'

/**
 * A resource that replaces its tables and gave nothing for one of them leaves it empty: the package gets a page without rows.
 * Only for tables of the resource that have seen data (nested ones belong to their root); others hold nothing to remove. Each table
 * is judged by its own disposition. Resources whose disposition is a function are left out: there is no item to ask it about.
 */
export async function emptyReplacedTables(
  resources: readonly Resource[],
  metrics: readonly ResourceMetrics[],
  schema: EvolvingSchema,
  writer: PackageWriter,
): Promise<void> {
  const filled = new Set(metrics.flatMap(({ tables }) => tables.map(({ tableName }) => tableName)))
  for (const resource of resources) {
    if (!resource.selected || !replaces(resource.options.writeDisposition)) continue
    for (const table of schema.current.tables.values()) {
      if (!hasSeenData(table, resource) || filled.has(table.name)) continue
      if (currentDisposition(table, resource, schema) !== 'replace') continue
      schema.replaceTable(table.name, resource.name)
      const pages = new TablePages(table.name, shredderOptions(schema.current, table.name, schema.naming), noLimits)
      await pages.write(writer, true)
    }
  }
}

const noLimits = { rows: 1, bytes: 1 }

function hasSeenData(table: TableSchema, resource: Resource): boolean {
  return table.resource === resource.name && normalizerMarks(table)['seen-data'] === true
}

/** What hints say of a table now; what the schema says where they say nothing of it: a variant that did not come this time. */
function currentDisposition(
  table: TableSchema,
  resource: Resource,
  schema: EvolvingSchema,
): WriteDisposition | undefined {
  if (schema.wasMerged(table.name) || table.variant_name !== undefined) return table.write_disposition
  const nested = nestedHintsOf(table, resource, schema)
  if (nested?.writeDisposition !== undefined) return dispositionName(nested.writeDisposition)
  if (nested !== undefined) return table.write_disposition
  return 'replace'
}

/** The hints of a nested table with keys of its own; `undefined` for a root table. */
function nestedHintsOf(
  { name }: TableSchema,
  { options }: Resource,
  { current, naming }: EvolvingSchema,
): { readonly writeDisposition?: WriteDispositionHint } | undefined {
  const { nestedHints } = options
  if (nestedHints === undefined || typeof nestedHints === 'function') return undefined
  const roots = [...current.tables.values()].filter(({ resource }) => resource === options.name)
  const context = { options, schema: current, naming }
  return nestedPaths(nestedHints).find(([path]) =>
    roots.some((root) => root.name !== name && nestedTableName(path, root.name, context) === name),
  )?.[1]
}
