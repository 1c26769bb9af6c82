import type { DestinationInput } from '../destinations/resolve-destination.ts'
import type { RefreshMode } from '../packages/source-refresh.ts'
import type { Logger } from '../runtime/logger.ts'
import type { ExternalSchemaFormat } from '../schema-files/external-schema-format.ts'

/**
 * How a pipeline is made. Everything has a default; what is given here wins over what a restored state says. All but `logger` can be
 * configured instead, under `pipelines.<pipeline name>`; credentials under `destination.<name>`. What is given here wins over that, too.
 */
export interface PipelineOptions {
  /**
   * Name of the pipeline; its state is found by it. Default: `dlt_` and the name of the executing script, `dlt_pipeline` for
   * `pipeline.ts`.
   */
  readonly pipelineName?: string
  /**
   * Folder for packages, state and schemas. Default: `~/.dlt/pipelines/<name>`; for root `/var/dlt/pipelines/<name>`; for users
   * without a home `dlt/pipelines/<name>` in the temporary folder; `$DLT_DATA_DIR/pipelines/<name>` where that is set.
   */
  readonly workingDir?: string
  /** Secret for deterministic hashing, never written anywhere. Default: random in each process. */
  readonly pipelineSecret?: string
  /** Where data goes: a name (`'duckdb'`, `'@acme/dlt-destination-foo'`), a factory or a destination. Needed by `load` and `run`. */
  readonly destination?: DestinationInput
  /** Name of the dataset at the destination. Default: the pipeline's name. */
  readonly datasetName?: string
  /** Credentials for the destination; they win over those it was made with. Default: the destination's own. */
  readonly credentials?: unknown
  /**
   * Starts anew in each process: the working directory is wiped, the dataset's name gets the time as suffix
   * (`data_20221107164856`), nothing is restored. Nothing is removed from the destination. Default: false.
   */
  readonly devMode?: boolean
  /** Whether `run` takes state and schemas from the destination where they are newer than the local ones. Default: true. */
  readonly restoreFromDestination?: boolean
  /**
   * Whether all schemas of the pipeline go into one dataset. When false, the default schema goes into the dataset, and each other one
   * into `<dataset>_<schema>`. Default: true.
   */
  readonly useSingleDataset?: boolean
  /**
   * Pattern for the dataset's name, with `%s` where the name goes: `prod_%s`. Also for a name that is given; not for one that the
   * state holds. Default: the name alone.
   */
  readonly datasetNameLayout?: string
  /**
   * Folder with schemas, `<schema>.schema.yaml`. One that was changed replaces what the pipeline knows of its schema when data is
   * extracted; one that is missing is written then. Default: none.
   */
  readonly importSchemaPath?: string
  /** Folder into which each schema is written, `<schema>.schema.yaml`, whenever it changed. Default: none. */
  readonly exportSchemaPath?: string
  /** Form of the files in both folders; `mermaid` and `dbml` cannot be imported. Default: `yaml`. */
  readonly externalSchemaFormat?: ExternalSchemaFormat
  /** How much begins anew with every `run` and `extract`, see there. Default: nothing. */
  readonly refresh?: RefreshMode
  /** Worker threads for normalizing packages that are not small. Default: one for each processor. */
  readonly normalizeWorkers?: number
  /**
   * Whether stored columns get wider types where values need it: `bigint` becomes `double` with the first fraction. Where the destination
   * cannot alter types, and for keys, variant columns take such values, as in Python dlt. Default: true.
   */
  readonly promotion?: boolean
  /**
   * Whether rows and values that schema contracts discard are kept in the table `_dlt_rejected` of the dataset, with the reason and the
   * row as JSON; they are loaded with the package. Default: false, they are only counted.
   */
  readonly quarantine?: boolean
  /** Takes messages. Default: lines on stderr from the level `RUNTIME__LOG_LEVEL`, `WARNING` where that is not set. */
  readonly logger?: Logger
}
