import { DltError } from '@dlt/schema'
import { freezeDeeply } from '../state/freeze-deeply.ts'
import { SourceStateDraft } from '../state/source-state-draft.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { currentPlace } from './current-place.ts'
import { defaultPipeline } from './default-pipeline.ts'

/** Whose state is asked for. */
export interface StateOwner {
  /** Begins the message of an error, for instance `The state of the resource "issues"`. */
  readonly subject: string
  /** Name of the source's schema. Default: that of the source whose code runs, else the pipeline's default schema. */
  readonly source?: string
}

/**
 * The state of a source: where its code runs, the draft that is stored with the data; everywhere else a frozen copy of what the
 * active pipeline has stored, which is the one that runs, else the one that was made last.
 *
 * @param pick takes the wanted part; what it adds to a copy stays in the copy
 * @throws DltError `CONFIGURATION` where no pipeline was made
 */
export function activeState(owner: StateOwner, pick: (state: SourceStateDraft) => StateDraft): StateDraft {
  const { source, pipeline } = currentPlace()
  if (source !== undefined && source.name === (owner.source ?? source.name)) return pick(source.state)
  const state = pipeline?.state ?? defaultPipeline().state()
  if (state === undefined) {
    throw new DltError(
      `${owner.subject} is that of a pipeline, and no pipeline was made. Make one with dlt.pipeline; functions of resources find their state in context.state.`,
      { code: 'CONFIGURATION' },
    )
  }
  const name = owner.source ?? state.default_schema_name ?? ''
  return freezeDeeply(pick(new SourceStateDraft(name, state.sources?.[name])))
}
