import type { Schema } from '@dlt/schema'
import type { DestinationInput } from '../destinations/resolve-destination.ts'
import type { RunHints } from '../extract/run-hints.ts'

/** Options of `extract`; hints only where the data is one resource, function, iterator or list of rows. */
export interface ExtractOptions extends RunHints {
  /** A schema that takes all data of this call, whatever schema its resources name. */
  readonly schema?: Schema
}

/** Options of `load`. */
export interface LoadOptions {
  /** Where data goes, from now on. Default: the pipeline's destination. */
  readonly destination?: DestinationInput
  /** Name of the dataset, from now on. Default: the pipeline's dataset. */
  readonly datasetName?: string
  /** Credentials for the destination, from now on. Default: the pipeline's. */
  readonly credentials?: unknown
}

/** Options of `run`. */
export interface RunOptions extends ExtractOptions, LoadOptions {}
