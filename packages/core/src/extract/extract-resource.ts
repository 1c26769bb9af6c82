import type { PackageWriter } from '../packages/package-writer.ts'
import { contentData } from './content-data.ts'
import { extractJsonLines } from './extract-json-lines.ts'
import { type ResourceMetrics, resourceMetrics, type TableMetrics } from './extract-metrics.ts'
import { readItems } from './read-items.ts'
import { resolveHints } from './resolved-hints.ts'
import type { Resource } from './resource.ts'
import { afterItems, resourceError } from './resource-error.ts'
import { TableRouter, type TableTarget } from './table-router.ts'

/** What a resource is read with. */
export interface ResourceExtraction extends TableTarget {
  readonly writer: PackageWriter
}

/**
 * Reads a resource to its end and writes its items into the package.
 * @throws DltError naming the resource
 */
export async function extractResource(resource: Resource, extraction: ResourceExtraction): Promise<ResourceMetrics> {
  const startedAt = new Date()
  const router = new TableRouter(resource, extraction)
  try {
    const tables = (await extractText(resource, extraction)) ?? (await extractItems(resource, router, extraction))
    return resourceMetrics(resource.name, startedAt, tables)
  } catch (error) {
    throw resourceError(resource, error, afterItems(router.rowCount))
  }
}

// Text goes through as it is where nobody looks at its items.
async function extractText(
  { content, options }: Resource,
  { schema, writer, limits }: ResourceExtraction,
): Promise<readonly TableMetrics[] | undefined> {
  const { name, tableName = name } = options
  if (content.kind !== 'json_lines' || typeof tableName === 'function') return undefined
  const normalized = schema.tableName(tableName, name)
  const metrics = await extractJsonLines(content.lines, normalized, writer, limits.bytes)
  if (metrics.rows === 0) return []
  schema.addHints(resolveHints(options, name), normalized, { options })
  return [metrics]
}

async function extractItems(
  { content }: Resource,
  router: TableRouter,
  { inContext }: ResourceExtraction,
): Promise<readonly TableMetrics[]> {
  await readItems(contentData(content), router, inContext)
  await router.finish()
  return router.tables.map(({ tableName, written }) => ({ tableName, ...written }))
}
