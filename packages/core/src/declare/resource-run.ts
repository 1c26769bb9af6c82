import type { IncrementalRun } from '../incremental/cursor-run.ts'
import type { RunInContext } from '../items/async-context.ts'
import type { ItemContract } from '../items/item-contract.ts'
import type { ResourceContext } from './resource-context.ts'

/** One resource in one extract: what its code is called with. Opened before the resource is read. */
export interface ResourceRun {
  /** The argument of the resource's function; the second one of a transformer. */
  readonly context: ResourceContext
  /** The cursor, for the step `incremental`; absent where the resource has none. */
  readonly incremental?: IncrementalRun
  /** What becomes of items that do not fit the schema of the resource; absent where no contract is given. */
  readonly contract?: ItemContract
  /** What steps of the kind `metrics` count in. */
  readonly metrics: Record<string, unknown>
  /** Surrounds every call into the resource's code. */
  readonly inContext: RunInContext
}
