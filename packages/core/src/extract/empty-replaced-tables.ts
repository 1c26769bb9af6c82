import type { TableSchema } from '@dlt/schema'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { EvolvingSchema } from './evolving-schema.ts'
import type { ResourceMetrics } from './extract-metrics.ts'
import { normalizerMarks } from './normalizer-marks.ts'
import type { Resource } from './resource.ts'
import { shredderOptions } from './shredder-options.ts'
import { TablePages } from './table-pages.ts'

/**
 * A resource that replaces its tables and gave nothing for one of them leaves it empty: the package gets a page without rows.
 * Only for tables of the resource that have seen data (nested ones belong to their root); others hold nothing to remove.
 */
export async function emptyReplacedTables(
  resources: readonly Resource[],
  metrics: readonly ResourceMetrics[],
  schema: EvolvingSchema,
  writer: PackageWriter,
): Promise<void> {
  const filled = new Set(metrics.flatMap(({ tables }) => tables.map(({ tableName }) => tableName)))
  for (const resource of resources) {
    if (resource.options.writeDisposition !== 'replace') continue
    for (const table of schema.current.tables.values()) {
      if (!isReplaced(table, resource) || filled.has(table.name)) continue
      schema.replaceTable(table.name, resource.name)
      const pages = new TablePages(table.name, shredderOptions(schema.current, table.name, schema.naming), noLimits)
      await pages.write(writer, true)
    }
  }
}

const noLimits = { rows: 1, bytes: 1 }

function isReplaced(table: TableSchema, resource: Resource): boolean {
  return table.resource === resource.name && normalizerMarks(table)['seen-data'] === true
}
