import type { NameLimit, Schema } from '@dlt/schema'
import { inSource } from '../declare/current-place.ts'
import { EvolvingSchema } from '../hints/evolving-schema.ts'
import { withoutContext } from '../items/async-context.ts'
import type { ManifestFile, PackageWriter } from '../packages/package-writer.ts'
import type { PipeInput } from '../pipe/connect-pipes.ts'
import { type PipeOptions, readPipes } from '../pipe/read-pipes.ts'
import { closeResources } from './close-resources.ts'
import { emptyReplacedTables } from './empty-replaced-tables.ts'
import { type ExtractMetrics, extractMetrics, type ResourceMetrics, resourceMetrics } from './extract-metrics.ts'
import { ItemQuarantine } from './item-quarantine.ts'
import { type OpenedResource, openResources } from './open-resources.ts'
import { PageBudget } from './page-budget.ts'
import type { ExtractSource, ResourceGroup } from './plan-sources.ts'
import { ResourceSink, type SinkTarget } from './resource-sink.ts'

/** How a source is extracted. */
export interface ExtractOptions extends Pick<PipeOptions, 'order' | 'maxParallel'> {
  /** Rows after which a page is written. Default: 20,000. */
  readonly pageRows?: number
  /** Bytes, about, after which a page is written; also the size of pieces of JSON text. Default: 8 MiB. */
  readonly pageBytes?: number
  /** Longest identifier at the destination, where it is known; longer names are shortened. Default: no limit. */
  readonly maxIdentifierLength?: NameLimit
  /** Name of the pipeline, whose configuration comes first. Default: none. */
  readonly pipelineName?: string
  /** Whether items that contracts discard are kept in a table of their own. Default: false. */
  readonly quarantines?: boolean
  /** Takes warnings. Default: nobody. */
  readonly warn?: (message: string) => void
  /** Takes what explains the result to those who look closely. Default: nobody. */
  readonly explain?: (message: string) => void
  /** Told of each file that was closed, with the schema as it was then. Default: nobody. */
  readonly onFile?: (file: ManifestFile, schema: Schema) => void
}

/**
 * Reads the resources of a source together and writes their items into a package; the caller commits it. The state of the source
 * holds afterwards what its code put there, and where cursors are.
 * When one fails, the others are closed, and the caller throws the package away.
 *
 * @returns the schema with the hints of all tables that got items, and what was read
 * @throws DltError naming the resource that failed
 */
export async function extractSource(
  source: ExtractSource,
  given: PackageWriter,
  options: ExtractOptions = {},
): Promise<{ readonly schema: Schema; readonly metrics: ExtractMetrics }> {
  const startedAt = new Date()
  const schema = new EvolvingSchema(source.schema, options.maxIdentifierLength, source.schemaContract)
  const { onFile } = options
  const writer = onFile === undefined ? given : watchedWriter(given, (file) => onFile(file, schema.current))
  const limits = { rows: options.pageRows ?? 20_000, bytes: options.pageBytes ?? 8 << 20 }
  const budget = new PageBudget(writer, limits)
  const quarantine = options.quarantines === true ? new ItemQuarantine({ schema, budget, limits }) : undefined
  const reading = { source, options, quarantine, target: { schema, writer, limits, budget } }
  try {
    const metrics: ResourceMetrics[] = []
    for (const group of source.groups) metrics.push(...(await readGroup(group, reading)))
    await quarantine?.finish()
    await emptyReplacedTables(source.resources, metrics, schema, writer)
    return { schema: schema.current, metrics: extractMetrics(startedAt, metrics) }
  } catch (error) {
    await closeResources(source.resources, withoutContext)
    // Nothing is written any more when the caller throws the package away.
    await budget.settled()
    throw error
  }
}

function watchedWriter(writer: PackageWriter, onFile: (file: ManifestFile) => void): PackageWriter {
  return {
    loadId: writer.loadId,
    directory: writer.directory,
    reserveFile: (tableName, extension) => writer.reserveFile(tableName, extension),
    addFile: (file) => {
      writer.addFile(file)
      onFile(file)
    },
  }
}

interface SourceReading {
  readonly source: ExtractSource
  readonly options: ExtractOptions
  readonly quarantine: ItemQuarantine | undefined
  readonly target: Omit<SinkTarget, 'inContext'>
}

async function readGroup(
  { resources, section, maxConcurrency }: ResourceGroup,
  { source, options, quarantine, target }: SourceReading,
): Promise<readonly ResourceMetrics[]> {
  const { order, maxParallel, pipelineName, explain, warn = () => undefined } = options
  const controller = new AbortController()
  const startedAt = new Date()
  const current = { name: source.name, state: source.state, resources, schema: () => target.schema.current }
  const opened = await openResources(resources, {
    state: source.state,
    contract: {
      schemaName: source.name,
      given: source.schemaContract,
      ...(quarantine !== undefined && { quarantine }),
    },
    signal: controller.signal,
    inContext: (resource, metrics) => inSource(current, { resource, metrics, signal: controller.signal }),
    warn,
    ...(explain !== undefined && { explain }),
    ...(section !== undefined && { section }),
    ...(pipelineName !== undefined && { pipelineName }),
  })
  const sinks: ResourceSink[] = []
  const inputs = opened.map((one) => pipeInput(one, target, sinks))
  await readPipes(inputs, {
    controller,
    ...(order !== undefined && { order }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  })
  for (const { storeCursor } of opened) storeCursor()
  return [...sinks.map((sink) => sink.metrics()), ...countsOfUnselected(opened, startedAt)]
}

// What is only read for its transformers has no tables; what its code counts is shown all the same.
function countsOfUnselected(opened: readonly OpenedResource[], startedAt: Date): readonly ResourceMetrics[] {
  return opened
    .filter(({ resource, run }) => !resource.selected && Object.keys(run.metrics).length > 0)
    .map(({ resource, run }) => {
      const finishedAt = new Date()
      return resourceMetrics({
        resourceName: resource.name,
        startedAt,
        finishedAt,
        tables: [],
        custom: run.metrics,
      })
    })
}

// Steps and hints are called inside of the context already: surrounding each call once more would cost as much as a row.
function pipeInput(
  { resource, run }: OpenedResource,
  target: Omit<SinkTarget, 'inContext'>,
  sinks: ResourceSink[],
): PipeInput {
  if (!resource.selected) return { resource, run }
  const sink = new ResourceSink(resource, run, { ...target, inContext: withoutContext })
  sinks.push(sink)
  return { resource, run, sink }
}
