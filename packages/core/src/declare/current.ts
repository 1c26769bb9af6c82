import { DltError, type Schema } from '@dlt/schema'
import { currentInterval, type TimeInterval } from '../incremental/external-interval.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { currentPlace, type PlacedResource, type PlacedSource } from './current-place.ts'
import { defaultPipeline } from './default-pipeline.ts'
import type { Resource } from './resource.ts'

/** A source while its resources are read. */
export interface CurrentSource {
  /** Name of its schema and of its state. */
  readonly name: string
  /** What is read, by name: the resources that are selected, and those that feed their transformers. */
  readonly resources: { readonly [name: string]: Resource }
  /** State of the source. Changes are stored with the data that is extracted. */
  readonly state: StateDraft
  /** Its schema, with what is known of its tables so far. */
  readonly schema: Schema
}

/** What belongs to the code that is running: inside of functions of sources, resources, transformers and steps. */
export interface Current {
  /** The pipeline that runs. Outside of a run the one that was made or used last; where none was made, the default pipeline. */
  pipeline(): Pipeline
  /**
   * The source that is read.
   * @throws DltError `CONFIGURATION` outside of a resource, also in the function of a source: its resources are not known yet
   */
  source(): CurrentSource
  /**
   * The resource that is read.
   * @throws DltError `CONFIGURATION` outside of a resource
   */
  resource(): Resource
  /**
   * What the resource counts: the result of the extract shows it as `custom`, together with what `addMetrics` counts.
   *
   * ```ts
   * const metrics = dlt.current.resourceMetrics()
   * metrics['pages'] = Number(metrics['pages'] ?? 0) + 1
   * ```
   *
   * @throws DltError `CONFIGURATION` outside of a resource
   */
  resourceMetrics(): Record<string, unknown>
  /**
   * State of the resource, or of another one of the same source. Changes are stored with the data that is extracted.
   * @throws DltError `CONFIGURATION` outside of a resource
   */
  resourceState(resource?: string): StateDraft
  /**
   * State of the source. Changes are stored with the data that is extracted.
   * @throws DltError `CONFIGURATION` outside of a source
   */
  sourceState(): StateDraft
  /**
   * The schema of the source, with what is known of its tables so far.
   * @throws DltError `CONFIGURATION` outside of a source
   */
  sourceSchema(): Schema
  /**
   * Name of the resource.
   * @throws DltError `CONFIGURATION` outside of a resource
   */
  resourceName(): string
  /**
   * The interval that a scheduler gave in the environment (`DLT_INTERVAL_START`, `DLT_INTERVAL_END`); `undefined` without one.
   * Works everywhere.
   *
   * @throws DltError `CONFIGURATION` when it cannot be read
   */
  interval(): TimeInterval | undefined
}

/** See {@link Current}. */
export const current: Current = {
  pipeline: () => currentPlace().pipeline ?? defaultPipeline().active(),
  source: () => {
    placedResource('source')
    return describeSource(placedSource('source'))
  },
  resource: () => placedResource('resource').resource,
  resourceMetrics: () => placedResource('resourceMetrics').metrics,
  resourceState: (resource) => {
    const { state } = placedSource('resourceState')
    return state.resource(resource ?? placedResource('resourceState').resource.name)
  },
  sourceState: () => placedSource('sourceState').state.source(),
  sourceSchema: () => placedSource('sourceSchema').schema(),
  resourceName: () => placedResource('resourceName').resource.name,
  interval: () => currentInterval(),
}

function describeSource({ name, resources, state, schema }: PlacedSource): CurrentSource {
  return {
    name,
    resources: Object.fromEntries(resources.map((resource) => [resource.name, resource.ofSource(name)])),
    // Asking for a state makes an entry in it: not before somebody does.
    get state(): StateDraft {
      return state.source()
    },
    get schema(): Schema {
      return schema()
    },
  }
}

function placedSource(call: keyof Current): PlacedSource {
  return required(currentPlace().source, call, 'a source or resource')
}

function placedResource(call: keyof Current): PlacedResource {
  return required(currentPlace().resource, call, 'a resource')
}

function required<Value>(value: Value | undefined, call: keyof Current, where: string): Value {
  if (value !== undefined) return value
  throw new DltError(
    `dlt.current.${call}() was called outside of ${where}. Call it in the function of a source, a resource or a transformer, while that runs.`,
    { code: 'CONFIGURATION' },
  )
}
