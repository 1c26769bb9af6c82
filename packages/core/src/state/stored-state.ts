import { deflateSync, inflateSync } from 'node:zlib'
import { DltError, type Schema, schemaFromJson, typedJson } from '@dlt/schema'
import { decodeState, type LocalState, type PipelineState, withLocal } from './pipeline-state.ts'

/** The state as it is stored at a destination: without its local part, compressed, as base64. */
export function encodeStoredState({ _local, ...stored }: PipelineState): string {
  return deflateSync(typedJson(stored), { level: 9 }).toString('base64')
}

/**
 * Reads what {@link encodeStoredState} or the reference system wrote.
 *
 * @param local completes the state: what only this working directory knows
 * @throws DltError `STATE` when it is damaged, or newer than this version knows
 */
export function decodeStoredState(blob: string, local: LocalState, where: string): PipelineState {
  return withLocal(decodeState(inflated(blob) ?? blob, where), local)
}

/**
 * Reads a schema as `_dlt_version` holds it: plain JSON, or compressed where it is long.
 * @throws DltError `SCHEMA` when it is neither
 */
export function decodeStoredSchema(text: string, name: string, where: string): Schema {
  try {
    return schemaFromJson(inflated(text) ?? text)
  } catch (cause) {
    throw new DltError(
      `The schema "${name}" of ${where} cannot be read: ${cause instanceof Error ? cause.message : String(cause)} Remove its row from "_dlt_version" to go on without it.`,
      { code: 'SCHEMA', context: { schema: name }, cause },
    )
  }
}

// Texts that are not base64 of compressed bytes are what they are: old versions stored plain JSON.
function inflated(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return inflateSync(Buffer.from(text, 'base64')).toString('utf8')
  } catch {
    return undefined
  }
}
