import { DltError, digest256, parseTypedJson, typedJson } from '@dlt/schema'
import { migrateState, stateEngineVersion } from './migrate-state.ts'

/** Where `load` sent a group of packages that waited for another dataset or destination; what is absent stays as it was. */
export interface Redirect {
  readonly dataset_name?: string | null
  readonly destination_name?: string
}

/** What is kept in the working directory only, and never at a destination. */
export interface LocalState {
  /** Whether the pipeline never loaded anything. */
  readonly first_run: boolean
  /** When the state was last stored with a package. */
  readonly _last_extracted_at?: Date
  /** The state's hash when it was last stored with a package. */
  readonly _last_extracted_hash?: string
  /** The last load id that state and schemas reflect; the next one is higher, whatever the clock says. */
  readonly _last_load_id?: string
  /** Whether the pipeline last worked for a destination that ends with its process. */
  readonly _in_memory?: boolean
  /** Normalized groups that `load` sent elsewhere, by id, until they are loaded. */
  readonly _redirected?: Readonly<Record<string, Redirect>>
  readonly [key: string]: unknown
}

/** The state document of a pipeline, with the keys and spelling of the reference system. An immutable value. */
export interface PipelineState {
  /** Counts changes of the content. */
  readonly _state_version: number
  readonly _state_engine_version: number
  /** Hash of the content; absent while the state was never counted. */
  readonly _version_hash?: string
  readonly pipeline_name: string
  readonly dataset_name?: string | null
  readonly default_schema_name?: string | null
  /** Names of all schemas, sorted. */
  readonly schema_names?: readonly string[]
  readonly destination_type?: string | null
  readonly destination_name?: string | null
  /** State of sources by name of their schema. */
  readonly sources?: { readonly [name: string]: unknown }
  readonly _local: LocalState
  readonly [key: string]: unknown
}

/** The state of a pipeline that never ran. */
export function createState(pipelineName: string, local: Partial<LocalState> = {}): PipelineState {
  return bumpState({
    _state_version: 0,
    _state_engine_version: stateEngineVersion,
    pipeline_name: pipelineName,
    _local: { first_run: true, ...local },
  })
}

/** Hash of what the state says, without its version and its local part. */
export function hashState(state: PipelineState): string {
  const { _local, _state_version, _state_engine_version, _version_hash, ...content } = state
  return digest256(typedJson(content, { sortKeys: true }))
}

/** The state with the hash of its content, its version one higher where the content changed since it was last counted. */
export function bumpState(state: PipelineState): PipelineState {
  const hash = hashState(state)
  if (hash === state._version_hash) return state
  const version = state._version_hash === undefined ? state._state_version : state._state_version + 1
  return { ...state, _state_version: version, _version_hash: hash }
}

/** The state with other values in its local part, which is not counted. */
export function withLocal(state: PipelineState, local: Partial<LocalState>): PipelineState {
  return { ...state, _local: { ...state._local, ...local } }
}

/** The state as it is written to the working directory and to packages. */
export function encodeState(state: PipelineState): string {
  return typedJson(state)
}

/**
 * Reads a state document, also one that an older version wrote.
 *
 * @param where the file or dataset, for errors
 * @throws DltError `STATE` when it is damaged, or newer than this version knows
 */
export function decodeState(text: string, where: string): PipelineState {
  const state = migrateState(parse(text, where), where)
  if (isState(state)) return state._version_hash === undefined ? bumpState(state) : state
  throw unreadableState(where, 'it is not a state document')
}

/** The error of a state that cannot be read. */
export function unreadableState(where: string, what: string, cause?: unknown): DltError {
  return new DltError(
    `The state in "${where}" cannot be read: ${what}. Restore it from a backup; or remove it, then run restores the state from the destination.`,
    { code: 'STATE', context: { file: where }, cause },
  )
}

function parse(text: string, where: string): unknown {
  try {
    return parseTypedJson(text)
  } catch (cause) {
    throw unreadableState(where, 'it is not JSON', cause)
  }
}

function isState(value: object): value is PipelineState {
  return (
    '_state_version' in value &&
    typeof value._state_version === 'number' &&
    'pipeline_name' in value &&
    typeof value.pipeline_name === 'string' &&
    '_local' in value &&
    typeof value._local === 'object' &&
    value._local !== null
  )
}
