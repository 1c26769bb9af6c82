import type { ReplaceStrategy } from '@dlt/schema'
import type { DuckDBConnection } from '@duckdb/node-api'

/** Where the database is: a path, `duckdb:///path`, `:memory:`, an object with a path, or an open connection of the caller. */
export type DuckDbCredentials = string | { readonly path: string } | DuckDBConnection

/** Options of the DuckDB destination. */
export interface DuckDbOptions {
  /**
   * The database. A relative path is resolved against the pipeline's local directory (the current one). `:memory:` lives until
   * the destination is closed. A connection stays the caller's: it is never closed, its settings are left alone, and it is refused
   * while in a transaction. Default: the file `<pipeline name>_db.duckdb` in the local directory.
   */
  readonly credentials?: DuckDbCredentials
  /** Name of this destination where several DuckDB destinations are used. Default: `duckdb`. */
  readonly name?: string
  /** Whether `unique` hints become UNIQUE constraints; they make loading slower. Default: false. */
  readonly createIndexes?: boolean
  /**
   * Settings of the session, for instance `{ memory_limit: '1GB', threads: 2 }`. Not applied to a connection of the caller.
   * Default: `{ write_buffer_row_group_count: 1, storage_compatibility_version: 'v1.3.0' }`: the first keeps the memory of large loads small,
   * the second says which version of DuckDB can read a file that is made, at least. A file that exists keeps the one it has.
   */
  readonly settings?: { readonly [name: string]: string | number | boolean }
  /** Time zone of the session; null leaves the one of the machine. Not applied to a connection of the caller. Default: `UTC`. */
  readonly sessionTimezone?: string | null
  /**
   * How tables with the write disposition `replace` get their new rows. All are atomic: a load that fails leaves the old rows. Default:
   * `truncate-and-insert`. `staging-optimized` puts a new table in the place of the old one: columns, comments and indexes that somebody added
   * by hand are gone then.
   */
  readonly replaceStrategy?: ReplaceStrategy
  /** Whether the dataset's name passes through the naming convention. Default: true. */
  readonly normalizeDatasetName?: boolean
}
