import { AsyncLocalStorage } from 'node:async_hooks'
import { DltError, type Schema } from '@dlt/schema'
import { currentInterval, type TimeInterval } from '../incremental/external-interval.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { SourceStateDraft } from '../state/source-state-draft.ts'
import type { StateDraft } from '../state/state-draft.ts'
import type { RunInContext } from './async-context.ts'

/** The source whose code runs. */
export interface CurrentSource {
  readonly name: string
  readonly state: SourceStateDraft
  /** The schema as it is now: it grows while resources are read. */
  schema(): Schema
}

/** Where code runs. */
interface Place {
  readonly pipeline?: Pipeline
  readonly source?: CurrentSource
  readonly resource?: string
}

const storage = new AsyncLocalStorage<Place>()

/** Runs a call of a pipeline: what is current inside of it belongs to this pipeline. */
export function withPipeline<Result>(pipeline: Pipeline, run: () => Result): Result {
  return storage.run({ pipeline }, run)
}

/** Surrounds calls into the code of a source, of a resource of it where that is named. */
export function inSource(source: CurrentSource, resource?: string): RunInContext {
  const { pipeline } = storage.getStore() ?? {}
  const place = { source, ...(pipeline !== undefined && { pipeline }), ...(resource !== undefined && { resource }) }
  return (run) => storage.run(place, run)
}

/** What belongs to the code that is running: inside of functions of sources, resources, transformers and steps. */
export interface Current {
  /**
   * The pipeline that runs.
   * @throws DltError `CONFIGURATION` outside of a run
   */
  pipeline(): Pipeline
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
  pipeline: () => required(storage.getStore()?.pipeline, 'pipeline', 'a run of a pipeline'),
  resourceState: (resource) => {
    const { state } = currentSource('resourceState')
    return state.resource(resource ?? required(storage.getStore()?.resource, 'resourceState', 'a resource'))
  },
  sourceState: () => currentSource('sourceState').state.source(),
  sourceSchema: () => currentSource('sourceSchema').schema(),
  resourceName: () => required(storage.getStore()?.resource, 'resourceName', 'a resource'),
  interval: () => currentInterval(),
}

function currentSource(call: keyof Current): CurrentSource {
  return required(storage.getStore()?.source, call, 'a source or resource')
}

function required<Value>(value: Value | undefined, call: keyof Current, where: string): Value {
  if (value !== undefined) return value
  throw new DltError(
    `dlt.current.${call}() was called outside of ${where}. Call it in the function of a source, a resource or a transformer, while that runs.`,
    { code: 'CONFIGURATION' },
  )
}
