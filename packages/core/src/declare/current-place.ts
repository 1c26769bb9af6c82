import { AsyncLocalStorage } from 'node:async_hooks'
import type { Schema } from '@dlt/schema'
import type { RunInContext } from '../items/async-context.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { LocalValues } from '../state/local-values.ts'
import type { SourceStateDraft } from '../state/source-state-draft.ts'
import type { Resource } from './resource.ts'

/** The source whose code runs. */
export interface PlacedSource {
  /** Name of its schema, which is the key of its state. */
  readonly name: string
  readonly state: SourceStateDraft
  /** What is read, by name. Empty while the function of the source runs. */
  readonly resources: readonly Resource[]
  /** The schema as it is now: it grows while resources are read. */
  schema(): Schema
}

/** The resource whose code runs. */
export interface PlacedResource {
  readonly resource: Resource
  /** What its code counts, shown by the result of the extract. */
  readonly metrics: Record<string, unknown>
  /** Aborts when the reading fails or is given up. */
  readonly signal: AbortSignal
}

/** Where code runs. */
export interface Place {
  readonly pipeline?: Pipeline
  /** Local values that code of the run set; stored with what is extracted. */
  readonly localValues?: LocalValues
  readonly source?: PlacedSource
  readonly resource?: PlacedResource
}

const storage = new AsyncLocalStorage<Place>()

/** Where the code that asks runs; empty outside of pipelines, sources and resources. */
export function currentPlace(): Place {
  return storage.getStore() ?? {}
}

/** Runs a call of a pipeline: what is current inside of it belongs to this pipeline. */
export function withPipeline<Result>(pipeline: Pipeline, localValues: LocalValues, run: () => Result): Result {
  return storage.run({ pipeline, localValues }, run)
}

/** Surrounds calls into the code of a source, of a resource of it where that is given. */
export function inSource(source: PlacedSource, resource?: PlacedResource): RunInContext {
  const { resource: _, ...around } = currentPlace()
  const place = {
    ...around,
    source,
    // Wherever it was taken from: its state is that of the source which reads it.
    ...(resource !== undefined && { resource: { ...resource, resource: resource.resource.ofSource(source.name) } }),
  }
  return (run) => storage.run(place, run)
}
