import type { Schema } from '@dlt/schema'
import type { PackageWriter } from '../packages/package-writer.ts'
import { type RunInContext, withoutContext } from './async-context.ts'
import { closeResources } from './close-resources.ts'
import { emptyReplacedTables } from './empty-replaced-tables.ts'
import { EvolvingSchema } from './evolving-schema.ts'
import { type ExtractMetrics, extractMetrics, type ResourceMetrics } from './extract-metrics.ts'
import { extractResource } from './extract-resource.ts'
import { PageBudget } from './page-budget.ts'
import type { ExtractSource } from './plan-sources.ts'

/** How a source is extracted. */
export interface ExtractOptions {
  /** Rows after which a page is written. Default: 20,000. */
  readonly pageRows?: number
  /** Bytes, about, after which a page is written; also the size of pieces of JSON text. Default: 8 MiB. */
  readonly pageBytes?: number
  /** Longest identifier at the destination, where it is known; longer names are shortened. Default: no limit. */
  readonly maxIdentifierLength?: number
  /** Surrounds every call into user code. Default: nothing. */
  readonly inContext?: RunInContext
}

/**
 * Reads the resources of a source one after another and writes their items into a package; the caller commits it.
 * When one fails, the others are closed, and the caller throws the package away.
 *
 * @returns the schema with the hints of all tables that got items, and what was read
 * @throws DltError naming the resource that failed
 */
export async function extractSource(
  source: ExtractSource,
  writer: PackageWriter,
  options: ExtractOptions = {},
): Promise<{ readonly schema: Schema; readonly metrics: ExtractMetrics }> {
  const startedAt = new Date()
  const schema = new EvolvingSchema(source.schema, options.maxIdentifierLength)
  const limits = { rows: options.pageRows ?? 20_000, bytes: options.pageBytes ?? 8 << 20 }
  const inContext = options.inContext ?? withoutContext
  const budget = new PageBudget(writer, limits)
  const resources: ResourceMetrics[] = []
  try {
    for (const resource of source.resources) {
      resources.push(await extractResource(resource, { schema, writer, limits, inContext, budget }))
    }
    await emptyReplacedTables(source.resources, resources, schema, writer)
  } catch (error) {
    await closeResources(source.resources, inContext)
    throw error
  }
  return { schema: schema.current, metrics: extractMetrics(startedAt, resources) }
}
