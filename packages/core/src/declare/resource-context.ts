import type { Incremental } from '../incremental/incremental.ts'
import type { StateDraft } from '../state/state-draft.ts'

/** What the function of a resource or transformer is given. */
export interface ResourceContext<Config = unknown> {
  /** The declared configuration: arguments given in code first, then what the providers say, then defaults. */
  readonly config: Config
  /** State of the resource. Changes are stored together with the data that is extracted. */
  readonly state: StateDraft
  /** State of the source that the resource belongs to. */
  readonly sourceState: StateDraft
  /** Aborts when the extract fails or is given up. Pass it on to whatever waits: `fetch(url, { signal })`. */
  readonly signal: AbortSignal
  /** Where the resource was, and what range to read; only where the option `incremental` is given. */
  readonly incremental?: Incremental
}

/** An incremental whose cursor always has a value, because there is one to begin with. */
export type StartedIncremental<Cursor> = Incremental<Cursor> & {
  readonly initialValue: Cursor
  readonly startValue: Cursor
  readonly lastValue: Cursor
}

/** The context of a resource with the option `incremental`. */
export interface IncrementalResourceContext<Config, Cursor> extends ResourceContext<Config> {
  /** Where the resource was, and what range to read. Without `initialValue` nothing is known of its values. */
  readonly incremental: StartedIncremental<Cursor>
}

/** The type of the cursor, as its initial value shows it; not known where there is none. */
export type CursorOf<Options> = Options extends { readonly initialValue?: infer Value } ? NonNullable<Value> : unknown

/** The context by the options that are given: it has a cursor only where one is declared. */
export type ContextFor<Config, Options> = [Options] extends [never]
  ? Omit<ResourceContext<Config>, 'incremental'>
  : IncrementalResourceContext<Config, CursorOf<Options>>
