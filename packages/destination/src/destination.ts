import type { ColumnAlteration, ColumnSchema, NamingConvention, Schema } from '@dlt/schema'
import type { DestinationCapabilities, FileFormat } from './capabilities.ts'
import type { DatasetReader } from './dataset-reader.ts'
import type { Setting } from './setting.ts'

/** What a pipeline tells a destination when it connects. */
export interface DestinationContext {
  readonly pipelineName: string
  /** Dataset as the user named it; the client normalizes it with `naming`, see `normalizeDatasetName` of the package. */
  readonly datasetName: string
  /** Naming convention of the pipeline's default schema; the names of the dataset and of dlt's own tables pass through it. snake_case when absent. */
  readonly naming?: NamingConvention
  /** Folder against which relative paths are resolved, and in which database files are made by default. */
  readonly localDirectory: string
  /** How many threads or connections to load with at once, where the destination can choose. Default: as it sees fit. */
  readonly workers?: number
  /** Credentials given to `run` or `pipeline`; they win over the ones the destination was made with. */
  readonly credentials?: unknown
  /**
   * Whether the client only reads: nothing may be created by connecting, not even a file, and what is not there is an
   * `undefined-entity`. Default: false.
   */
  readonly readOnly?: boolean
}

/** What was left open when a destination was made. */
export interface OpenOptions {
  /** The settings of options that were not given, or not as a whole: credentials without a password. */
  readonly settings: readonly Setting[]
  /**
   * The same destination with further options, by their names in code. Where it was given a part of one, that part wins. What it keeps
   * open, a database in memory, is shared.
   */
  complete(options: Readonly<Record<string, unknown>>): Destination
}

/** A destination: where data goes. Made by a factory such as `duckdb(...)`; holds options, opens nothing. */
export interface Destination {
  /** Stable name of the kind, for instance `duckdb`; part of the pipeline's state. */
  readonly type: string
  /** Name given by the user where several destinations of one kind are used; otherwise equal to `type`. */
  readonly name: string
  readonly capabilities: DestinationCapabilities
  /**
   * Checks what can be checked without connecting: names, paths, the dataset against the database's name.
   * @throws DltError with a remedy
   */
  check(context: DestinationContext): void
  /**
   * What configuration may add to the options that it was made with. Default: nothing, it is used as it is. Not enumerable, so that a
   * copy with other capabilities stays what it is.
   */
  readonly open?: OpenOptions
  /**
   * Opens a client for one dataset. A server that refuses connections, as while it starts, is waited for some seconds as by a client that
   * is open.
   * @throws DestinationError where it cannot be reached
   */
  connect(context: DestinationContext): Promise<DestinationClient>
  /** Releases what outlives a client (an in-memory database). */
  close?(): Promise<void>
  /** Whether everything is lost when the process ends (an in-memory database); false when absent. */
  isVolatile?(context: DestinationContext): boolean
  /** Where data goes, for people, without secrets; for instance `duckdb:////home/me/github_db.duckdb`. */
  describe(context: DestinationContext): string
}

/** A file of rows of one table, ready to be loaded. */
export interface LoadJob {
  /** Stable across retries: `<table>.<file id>.<format>`. */
  readonly jobId: string
  readonly tableName: string
  readonly path: string
  readonly format: FileFormat
  /** Rows in the file; the client compares it with what was loaded. */
  readonly rowCount: number
  /** Names of the columns in the file, in the file's order. */
  readonly columns: readonly string[]
}

/** A load package as a destination sees it. */
export interface LoadRequest {
  readonly loadId: string
  readonly schema: Schema
  readonly jobs: readonly LoadJob[]
  /** Tables to empty before the jobs, in the same transaction: write disposition `replace`. */
  readonly truncateTables: readonly string[]
}

/** What is removed or renamed before the tables of a schema are brought up to it. */
export interface SchemaRefresh {
  /** The load package that the refresh belongs to. Nothing is removed where it is loaded already: its rows would be lost. */
  readonly loadId: string
  /** Tables to drop; those that do not exist are passed over. */
  readonly dropTables: readonly string[]
  /** Whether all rows of the schema's name in `_dlt_version` are removed. Default: false. */
  readonly forgetVersions?: boolean
  /** Columns to drop or rename; those that do not exist are passed over. Default: none. */
  readonly alterColumns?: readonly ColumnAlteration[]
}

/** What becomes of a column that a destination has already. */
export type AlteredColumn =
  /** It gets a wider type; types as the destination spells them. */
  | { readonly change: 'type'; readonly column: string; readonly from: string; readonly to: string }
  /** It allows nulls from now on: the schema does not know it, and rows of the schema would be refused. */
  | { readonly change: 'nullable'; readonly column: string }
  | { readonly change: 'rename'; readonly column: string; readonly to: string }
  | { readonly change: 'drop'; readonly column: string }

/** What a schema change does to a table at a destination. */
export interface AppliedSchemaChange {
  readonly tableName: string
  /** Whether the table was missing. */
  readonly created: boolean
  /** The columns that it gets. */
  readonly columns: readonly ColumnSchema[]
  /** Columns that it had and that are altered; absent where there are none. */
  readonly alteredColumns?: readonly AlteredColumn[]
}

/** What a dataset lacks of a schema, and where it differs. */
export interface SchemaComparison {
  /** What an update would create and alter. */
  readonly changes: readonly AppliedSchemaChange[]
  /** Columns of which the type at the destination is another one than the schema says, and stays so. */
  readonly differentTypes: readonly {
    readonly tableName: string
    readonly column: string
    /** The type that the schema asks for, as the destination spells it. */
    readonly wanted: string
    readonly found: string
  }[]
  /** Columns for which the destination has no type. */
  readonly refused: readonly { readonly tableName: string; readonly column: string; readonly message: string }[]
}

/** How the rows of a table were written, where there was a choice. */
export interface LoadDecision {
  /** The root table. */
  readonly tableName: string
  /** For the log: what was chosen and why. */
  readonly sentence: string
}

/** What became of a package. */
export interface LoadOutcome {
  /** `already-loaded`: `_dlt_loads` had the load id with the schema's name before, nothing was done. */
  readonly status: 'loaded' | 'already-loaded'
  readonly jobs: readonly { readonly jobId: string; readonly rowCount: number }[]
  /** Tables and columns that somebody had dropped, and that were created again; absent where nothing was missing. */
  readonly recreated?: readonly AppliedSchemaChange[]
  /** Which of several ways the rows of tables were written in; absent where there was nothing to choose. Logged at debug level. */
  readonly decisions?: readonly LoadDecision[]
}

/** A row of `_dlt_pipeline_state`. `state` is the encoded document. */
export interface StoredState {
  readonly version: number
  readonly engineVersion: number
  readonly pipelineName: string
  readonly state: string
  readonly createdAt: Date
  readonly versionHash: string
  readonly loadId: string
  /**
   * Hashes of schemas by name: of the last finished load of each, whoever loaded it. Absent where the destination does not tell: then a
   * schema that was changed elsewhere is taken only with a newer state.
   */
  readonly schemaHashes?: ReadonlyMap<string, string>
}

/** A schema row of `_dlt_version`; `schema` is its text, plain JSON or base64 of zlib. */
export interface StoredSchema {
  readonly versionHash: string
  readonly schemaName: string
  readonly version: number
  readonly engineVersion: number
  readonly insertedAt: Date
  readonly schema: string
}

/**
 * An open connection to one dataset. One at a time is used by a pipeline; calls are made one after another.
 *
 * A client waits out conflicts itself, for some seconds: with other transactions, and connections that break. Nobody above it tries a call
 * again. Every other transient error is thrown at once, and one that was a conflict when that patience has ended.
 */
export interface DestinationClient extends AsyncDisposable {
  /** Name of the dataset at the destination, normalized. */
  readonly datasetName: string
  /** Whether the dataset exists. */
  hasDataset(): Promise<boolean>
  /**
   * Brings the dataset up to a schema: creates it, its missing tables and columns, and writes the `_dlt_version` row,
   * in one transaction where DDL can be. Does nothing where the schema's hash is stored already.
   * Only tables with data (`x-normalizer.seen-data`), those of `tableNames` and the `_dlt` tables are created.
   *
   * @param refresh tables to drop first, and columns to drop or rename, in the same transaction; the dataset is then compared even where the hash is stored
   */
  updateSchema(
    schema: Schema,
    tableNames: readonly string[],
    refresh?: SchemaRefresh,
  ): Promise<readonly AppliedSchemaChange[]>
  /**
   * Compares the dataset with a schema, as `updateSchema` would, and writes nothing. Where it is absent, plans know only what the
   * pipeline has stored.
   *
   * @param refresh what the update would remove before: its tables count as missing
   */
  compareSchema?(schema: Schema, tableNames: readonly string[], refresh?: SchemaRefresh): Promise<SchemaComparison>
  /**
   * Loads a package: all of it becomes visible at once, together with its `_dlt_loads` row, or nothing does.
   * Tables and columns of the schema that are missing, because somebody dropped them, are created again, empty, and the outcome names them.
   * Can be called again with the same package after any failure.
   */
  load(request: LoadRequest): Promise<LoadOutcome>
  /**
   * Whether a package is loaded: `_dlt_loads` has its load id with its schema's name. False where the dataset or the table is missing.
   * Whoever gives up a package asks first: the answer to its commit may have been lost.
   */
  isLoaded(loadId: string, schemaName: string): Promise<boolean>
  /** The newest state of a pipeline that belongs to a finished load; nothing where dataset or tables are missing. */
  storedState(pipelineName: string): Promise<StoredState | undefined>
  /** The newest stored schema of a name; nothing where there is none. */
  storedSchema(schemaName: string): Promise<StoredSchema | undefined>
  /** Reads the dataset back; absent where the capabilities have no `reading`. Used while no other call is under way. */
  reader?(): DatasetReader
  /** Closes the connection. Closing it again does nothing. */
  [Symbol.asyncDispose](): Promise<void>
}
