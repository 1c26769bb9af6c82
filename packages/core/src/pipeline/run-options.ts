import type { Schema, SchemaContract } from '@dlt/schema'
import type { DestinationInput } from '../destinations/resolve-destination.ts'
import type { RunHints } from '../extract/run-hints.ts'

/** Options of `extract`; hints only where the data is one resource, function, iterator or list of rows. */
export interface ExtractOptions extends RunHints {
  /** A schema that takes all data of this call, whatever schema its resources name. */
  readonly schema?: Schema
  /**
   * What the data of this call may change in tables, see `schemaContract` of a resource. It wins over the contracts of sources and
   * resources, and the tables that get items keep it. Default: what those say.
   */
  readonly schemaContract?: SchemaContract
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
