import { DltError } from '@dlt/schema'
import { type PipelineState, withLocal } from './pipeline-state.ts'
import { refuseSecrets } from './refuse-secrets.ts'
import type { StateValue } from './state-draft.ts'
import { storableCopy } from './storable-copy.ts'

/** Values of the local part of a state that were set and are not stored yet, by key; `undefined` removes one. */
export type LocalValues = Map<string, unknown>

/**
 * A copy of a value as the local part of a state holds it.
 * @throws DltError `STATE` for a key that the pipeline itself uses, a value that a state cannot hold, and a secret
 */
export function localValue(key: string, value: StateValue | undefined): unknown {
  if (key === 'first_run' || key === '' || key.startsWith('_')) {
    throw new DltError(
      `The local value "${key}" cannot be set: "first_run" and names that begin with "_" are the pipeline's own. Give it another name.`,
      { code: 'STATE', context: { key } },
    )
  }
  if (value === undefined) return undefined
  const copy = storableCopy(value, `_local.${key}`)
  refuseSecrets(copy, `_local.${key}`)
  return copy
}

/** The state with local values that were set; the same value where none was. */
export function withLocalValues(state: PipelineState, values: ReadonlyMap<string, unknown>): PipelineState {
  if (values.size === 0) return state
  const { _local } = withLocal(state, Object.fromEntries(values))
  const kept = Object.entries(_local).filter(([, value]) => value !== undefined)
  return { ...state, _local: { first_run: _local.first_run, ...Object.fromEntries(kept) } }
}
