import type { StateDraft } from '../state/state-draft.ts'

/** What the function of a resource or transformer is given. */
export interface ResourceContext<Config = unknown, Cursor = unknown> {
  /** The declared configuration: explicit arguments first, then what the providers say, then defaults. */
  readonly config: Config
  /** Where the resource was, and what range to read; only where the option `incremental` is given. */
  readonly incremental: Cursor
  /** State of the resource. Changes are stored together with the data that is extracted. */
  readonly state: StateDraft
  /** State of the source that the resource belongs to. */
  readonly sourceState: StateDraft
  /** Aborts when the extract fails or is given up. Pass it on to whatever waits: `fetch(url, { signal })`. */
  readonly signal: AbortSignal
}
