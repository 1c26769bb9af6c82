import { deflateSync, inflateSync } from 'node:zlib'
import { DltError, digest256, parseTypedJson, typedJson } from '@dlt/schema'

/** Version of the state document that this system writes. */
export const stateEngineVersion = 4

/** What is kept in the working directory only, and never at a destination. */
export interface LocalState {
  /** Whether the pipeline never loaded anything. */
  readonly first_run: boolean
  readonly initial_cwd: string
  readonly _dev_mode?: boolean
  /** When the state was last stored with a package, and its hash then. */
  readonly _last_extracted_at?: Date
  readonly _last_extracted_hash?: string
  readonly [key: string]: unknown
}

/** The state document of a pipeline, with the keys and spelling of the reference system. An immutable value. */
export interface PipelineState {
  readonly _state_version: number
  readonly _state_engine_version: number
  readonly _version_hash?: string
  readonly pipeline_name: string
  readonly dataset_name?: string | null
  readonly default_schema_name?: string | null
  /** Sorted. */
  readonly schema_names?: readonly string[]
  readonly destination_type?: string | null
  readonly destination_name?: string | null
  readonly sources?: { readonly [name: string]: unknown }
  readonly _local: LocalState
  readonly [key: string]: unknown
}

/** The state of a pipeline that never ran. */
export function createState(pipelineName: string): PipelineState {
  return {
    _state_version: 0,
    _state_engine_version: stateEngineVersion,
    _local: { first_run: true, initial_cwd: process.cwd() },
    pipeline_name: pipelineName,
  }
}

/** Hash of what the state says, without its version and its local part. */
export function hashState(state: PipelineState): string {
  const { _local, _state_version, _state_engine_version, _version_hash, ...content } = state
  return digest256(typedJson(content, { sortKeys: true }))
}

/** Counts the version up when the content changed since it was last counted. */
export function bumpState(state: PipelineState): PipelineState {
  const hash = hashState(state)
  if (hash === state._version_hash) return state
  const version = state._version_hash === undefined ? state._state_version : state._state_version + 1
  return { ...state, _state_version: version, _version_hash: hash }
}

/** The state as it is written to the working directory and to packages. */
export function encodeState(state: PipelineState): string {
  return typedJson(state)
}

/**
 * Reads a state document.
 * @throws DltError `STATE` when it is damaged or newer than this version knows
 */
export function decodeState(text: string, where: string): PipelineState {
  const value = parse(text, where)
  if (!isState(value)) throw unreadable(where, 'it is not a state document')
  const engine = value._state_engine_version
  if (engine > stateEngineVersion) {
    throw new DltError(
      `The state in "${where}" has engine version ${engine}, this version knows up to ${stateEngineVersion}. Update dlt.`,
      { code: 'STATE', context: { file: where } },
    )
  }
  if (engine < stateEngineVersion) {
    throw unreadable(where, `its engine version ${engine} is older than ${stateEngineVersion}`)
  }
  return value
}

/** The state as it is stored at a destination: without its local part, compressed, as base64. */
export function encodeStateBlob({ _local, ...stored }: PipelineState): string {
  return deflateSync(typedJson(stored), { level: 9 }).toString('base64')
}

/** Reads what {@link encodeStateBlob} or the reference system wrote; `local` completes it. */
export function decodeStateBlob(blob: string, local: LocalState, where: string): PipelineState {
  const document = parse(inflated(blob), where)
  if (typeof document !== 'object' || document === null) throw unreadable(where, 'it is not a state document')
  return decodeState(typedJson({ ...document, _local: local }), where)
}

// Old versions of the reference system stored plain JSON.
function inflated(blob: string): string {
  if (blob.startsWith('{')) return blob
  try {
    return inflateSync(Buffer.from(blob, 'base64')).toString('utf8')
  } catch {
    return blob
  }
}

function parse(text: string, where: string): unknown {
  try {
    return parseTypedJson(text)
  } catch (cause) {
    throw unreadable(where, 'it is not JSON', cause)
  }
}

function isState(value: unknown): value is PipelineState {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_state_version' in value &&
    typeof value._state_version === 'number' &&
    '_state_engine_version' in value &&
    typeof value._state_engine_version === 'number' &&
    'pipeline_name' in value &&
    typeof value.pipeline_name === 'string' &&
    '_local' in value &&
    typeof value._local === 'object' &&
    value._local !== null
  )
}

function unreadable(where: string, what: string, cause?: unknown): DltError {
  return new DltError(
    `The state in "${where}" cannot be read: ${what}. Remove the working directory to restore the state from the destination.`,
    { code: 'STATE', context: { file: where }, cause },
  )
}
