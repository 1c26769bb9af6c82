import { resolveConfiguration } from '../configuration/resolve-configuration.ts'
import type { Resource } from '../declare/resource.ts'
import type { ResourceContext } from '../declare/resource-context.ts'
import { resourceError } from '../declare/resource-error.ts'
import type { ResourceRun } from '../declare/resource-run.ts'
import { replaces } from '../dispositions/write-disposition.ts'
import { inferredFields, isStandardSchema } from '../hints/schema-columns.ts'
import { configuredIncremental } from '../incremental/configured-incremental.ts'
import type { IncrementalRun } from '../incremental/cursor-run.ts'
import { readExternalSchedule } from '../incremental/external-interval.ts'
import type { IncrementalOptions } from '../incremental/incremental-options.ts'
import { openIncremental } from '../incremental/open-incremental.ts'
import { readStoredCursor } from '../incremental/stored-cursor.ts'
import type { RunInContext } from '../items/async-context.ts'
import type { SourceStateDraft } from '../state/source-state-draft.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { mergesOnPrimaryKey } from './merges-on-primary-key.ts'
import { type ItemContractScope, itemContract } from './resource-contract.ts'

/** Where resources are read. */
export interface ResourceScope {
  /** State of the source that the resources belong to. */
  readonly state: SourceStateDraft
  /** Section of the source, under which its resources are configured. Absent for resources without a source. */
  readonly section?: string
  /** Name of the pipeline, whose configuration comes first. Absent without one. */
  readonly pipelineName?: string
  /** Aborts when the reading fails or is given up. */
  readonly signal: AbortSignal
  /** Surrounds every call into the code of a resource, which counts in the metrics. */
  inContext(resource: Resource, metrics: Record<string, unknown>): RunInContext
  /** The schema that the tables belong to, and a contract of the run. Default: no contract holds, also none of resources. */
  readonly contract?: ItemContractScope
  /** Takes warnings. */
  warn(message: string): void
  /** Takes what explains the result to those who look closely. Default: nobody. */
  explain?(message: string): void
}

/** A resource that is about to be read. */
export interface OpenedResource {
  readonly resource: Resource
  readonly run: ResourceRun
  /** Puts where the cursor is into the state of the resource, where it has one. */
  storeCursor(): void
}

/**
 * Prepares resources to be read: resolves their configuration and finds where their cursors were. A resource that replaces its table
 * begins without state.
 *
 * @throws ConfigFieldMissing, and DltError `CONFIGURATION`, `DATA` or `STATE` naming the resource
 */
export async function openResources(
  resources: readonly Resource[],
  scope: ResourceScope,
): Promise<readonly OpenedResource[]> {
  const opened: OpenedResource[] = []
  for (const resource of resources) {
    try {
      const config = await resourceConfig(resource, scope)
      opened.push(openResource(resource, config, await cursorOptions(resource, scope), scope))
    } catch (error) {
      throw resourceError(resource, error, 'before its first item')
    }
  }
  return opened
}

function openResource(
  resource: Resource,
  config: unknown,
  incremental: IncrementalOptions | undefined,
  scope: ResourceScope,
): OpenedResource {
  const { state, signal } = scope
  if (replaces(resource.options.writeDisposition)) state.resetResource(resource.name)
  explainColumns(resource, scope)
  const cursor = incremental && openCursor(resource, incremental, scope)
  const context: ResourceContext = {
    config,
    signal,
    ...(cursor !== undefined && { incremental: cursor.run.view }),
    // Asking for a state makes an entry in it: not before somebody does.
    get state(): StateDraft {
      return state.resource(resource.name)
    },
    get sourceState(): StateDraft {
      return state.source()
    },
  }
  const metrics: Record<string, unknown> = {}
  const contract = scope.contract && itemContract(resource, scope.contract)
  return {
    resource,
    run: {
      context,
      metrics,
      inContext: scope.inContext(resource, metrics),
      ...(cursor !== undefined && { incremental: cursor.run }),
      ...(contract !== undefined && { contract }),
    },
    storeCursor: () => cursor?.store(),
  }
}

function explainColumns({ name, options }: Resource, { explain }: ResourceScope): void {
  if (explain === undefined || !isStandardSchema(options.columns)) return
  for (const sentence of inferredFields(options.columns)) explain(`Resource "${name}": ${sentence}`)
}

async function resourceConfig(resource: Resource, { section, pipelineName }: ResourceScope): Promise<unknown> {
  const { name, content } = resource
  if (content.kind === 'json_lines' || content.arguments === undefined) return {}
  const { config, explicit } = content.arguments
  return resolveConfiguration(config, {
    explicit,
    sections: sectionsOf(resource, section),
    owner: `the resource "${name}"`,
    context: { resource: name },
    ...(pipelineName !== undefined && { pipelineName }),
  })
}

interface OpenedCursor {
  readonly run: IncrementalRun
  store(): void
}

// As in the reference system, the state has an entry for the cursor from the beginning.
function openCursor(resource: Resource, options: IncrementalOptions, scope: ResourceScope): OpenedCursor {
  const { name } = resource
  const { cursorPath } = options
  const { primaryKey } = resource.options
  const document = scope.state.peekCursor(name, cursorPath)
  const run = openIncremental(options, {
    stored: readStoredCursor(document, { resource: name, cursorPath }),
    resource: name,
    resourcePrimaryKey: primaryKey,
    isMerged: mergesOnPrimaryKey(resource),
    schedule: readExternalSchedule(),
    warn: scope.warn,
  })
  const store = (): void => {
    const stored = run.result()
    if (stored !== undefined) scope.state.storeCursor(name, cursorPath, stored)
  }
  store()
  return { run, store }
}

async function cursorOptions(
  resource: Resource,
  { section, pipelineName }: ResourceScope,
): Promise<IncrementalOptions | undefined> {
  const declared = resource.steps.find((step) => step.kind === 'incremental')?.options
  return (
    declared &&
    configuredIncremental(declared, {
      resource: resource.name,
      sections: sectionsOf(resource, section),
      ...(pipelineName !== undefined && { pipelineName }),
    })
  )
}

function sectionsOf({ name, options }: Resource, section = options.section ?? name): readonly string[] {
  return ['sources', section, name]
}
