import type { Schema } from '@dlt/schema'
import type { DestinationInput } from '../destinations/resolve-destination.ts'

/** Options of `pipeline.dataset`. */
export interface ReadOptions {
  /** The schema or schemas by which the dataset is read. Default: those that the dataset holds itself, as its last load left them. */
  readonly schema?: Schema | readonly Schema[]
  /**
   * Whether rows are left out whose load is not in `_dlt_loads`; rows of nested tables go with the row they were nested in. Default:
   * only where the destination cannot load a package as a whole.
   */
  readonly committedOnly?: boolean
}

/** Options of `dlt.dataset`. */
export interface DatasetOptions extends ReadOptions {
  /** Where the dataset is: a name (`'duckdb'`), a factory or a destination, as for a pipeline. */
  readonly destination: DestinationInput
  /** Name of the dataset at the destination. */
  readonly datasetName: string
  /** Credentials for the destination. Default: the destination's own. */
  readonly credentials?: unknown
  /** Name of the pipeline that loads the dataset: some destinations find their database by it. Default: the dataset's name. */
  readonly pipelineName?: string
}

/** The schemas that were given, and those that were read from a dataset before. */
export class DatasetSchemas {
  readonly given: readonly Schema[] | undefined
  /** Schemas by hash: a schema is decoded once. */
  readonly known: Map<string, Schema> = new Map<string, Schema>()

  constructor(schema: Schema | readonly Schema[] | undefined) {
    this.given = schema === undefined ? undefined : 'tables' in schema ? [schema] : schema
  }
}

/** The options of `pipeline.dataset`. */
export const readOptions: readonly (keyof ReadOptions)[] = ['schema', 'committedOnly']

/** The options of `dlt.dataset`. */
export const datasetOptions: readonly (keyof DatasetOptions)[] = [
  'destination',
  'datasetName',
  'credentials',
  'pipelineName',
  ...readOptions,
]
