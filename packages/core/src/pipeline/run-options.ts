import type { Schema, SchemaContract } from '@dlt/schema'
import type { RunHints } from '../declare/run-hints.ts'
import type { DestinationInput } from '../destinations/resolve-destination.ts'
import type { LoadInfo } from '../load/load-info.ts'
import type { RefreshMode } from '../packages/source-refresh.ts'
import type { DroppedParts, DropSelection } from '../refresh/plan-drop.ts'

/** Options of `extract`; hints only where the data is one resource, function, iterator or list of rows. */
export interface ExtractOptions extends RunHints {
  /** A schema that takes all data of this call, whatever schema its resources name. */
  readonly schema?: Schema
  /**
   * What the data of this call may change in tables, see `schemaContract` of a resource. It wins over the contracts of sources and
   * resources, and the tables that get items keep it. Default, and for `{}`: what those say.
   */
  readonly schemaContract?: SchemaContract
  /**
   * How much begins anew before the data is loaded: `drop_sources` drops all tables of the sources and forgets their state,
   * `drop_resources` those of the resources that are loaded, `drop_data` empties their tables and forgets their state. It happens when
   * the data is loaded, so a run that fails before has removed nothing. Default: the pipeline's `refresh`.
   */
  readonly refresh?: RefreshMode
}

/** Options of `retry`. */
export interface RetryOptions {
  /** The destination, from now on. Default: the pipeline's. Packages that wait for another one are refused by all calls but `load`. */
  readonly destination?: DestinationInput
  /** Credentials for the destination, from now on. Default: the pipeline's. */
  readonly credentials?: unknown
}

/** Options of `load`. */
export interface LoadOptions extends RetryOptions {
  /**
   * Name of the dataset, from now on. Default: the pipeline's dataset. For `load` it is also where normalized packages go; without it
   * they go to the dataset that they were extracted for, as they do in every other call.
   */
  readonly datasetName?: string
}

/** Options of `run`. */
export interface RunOptions extends ExtractOptions, LoadOptions {}

/** Options of `drop`. */
export interface DropOptions extends DropSelection, LoadOptions {
  /** Whether only is told what would be removed. Default: false. */
  readonly dryRun?: boolean
}

/** What `drop` removed, or would remove. */
export interface DropInfo extends DroppedParts {
  /** The package that removed it; absent where there was nothing to remove, and where only was told. */
  readonly loadInfo?: LoadInfo
}
