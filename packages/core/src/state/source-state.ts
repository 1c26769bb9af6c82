import type { PipelineState } from './pipeline-state.ts'
import type { SourceStateDraft } from './source-state-draft.ts'

/** A source that was read, with the state that it leaves. */
export interface ReadSource {
  readonly name: string
  readonly state: SourceStateDraft
}

/**
 * The state of a pipeline with what its sources left; the same value where they left nothing.
 * @throws DltError `STATE` with the path of a value that a state cannot hold
 */
export function withSourceStates(state: PipelineState, sources: readonly ReadSource[]): PipelineState {
  const results = sources.flatMap(({ name, state: draft }) => {
    const result = draft.result()
    return result === undefined ? [] : [[name, result] as const]
  })
  return results.length === 0 ? state : { ...state, sources: { ...state.sources, ...Object.fromEntries(results) } }
}
