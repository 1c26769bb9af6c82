import type { ReplaceStrategy } from '@dlt/schema'
import type { Pool } from 'pg'

/**
 * How a server is reached, in parts. What is left out comes from the configuration, `destination.postgres.credentials`, then from the `PG…`
 * variables of the environment, as in `psql`.
 */
export interface PostgresParts {
  /** A connection string; the other parts say what it leaves out, for instance a password that stands elsewhere. Default: none. */
  readonly connectionString?: string
  /** Name or address of the server, or the folder of its socket. Default: `PGHOST`, otherwise `localhost`. */
  readonly host?: string
  /** Default: `PGPORT`, otherwise 5432. */
  readonly port?: number
  /** Name of the database. Default: `PGDATABASE`, otherwise the user's name. */
  readonly database?: string
  /** Name of the role. Default: `PGUSER`, otherwise the user of the process. */
  readonly username?: string
  /** White space around it is none of it. Default: `PGPASSWORD`, otherwise what the password file (`PGPASSFILE`, `~/.pgpass`) has for the server. */
  readonly password?: string
  /** Seconds that a connection may take. Default: `PGCONNECT_TIMEOUT`, otherwise 15. */
  readonly connectTimeout?: number
  /** Time zone in which statements of a load run, for instance for texts of a time without one. Default: `UTC`. */
  readonly sessionTimezone?: string
  /**
   * What the query of a connection string may hold: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `ssl`, `application_name`, `options`,
   * `connect_timeout`, `client_encoding`, `channel_binding`, `target_session_attrs`, `gssencmode`. Default: the `PG…` variables.
   */
  readonly query?: Readonly<Record<string, string | number | boolean>>
}

/** Where the database is: `postgresql://user:password@host:port/database?sslmode=…`, its parts, or a pool of the caller. */
export type PostgresCredentials = string | PostgresParts | Pool

/** Options of the Postgres destination. */
export interface PostgresOptions {
  /**
   * The database. A pool stays the caller's: it is never ended, and its own settings say how it connects. Default: the `PG…` variables of
   * the environment and the password file.
   */
  readonly credentials?: PostgresCredentials
  /** Name of this destination where several Postgres destinations are used. Default: `postgres`. */
  readonly name?: string
  /** Whether `unique` hints become UNIQUE constraints, as for `_dlt_id`; they make loading slower. Default: true. */
  readonly createIndexes?: boolean
  /**
   * How tables with the write disposition `replace` get their new rows. All are atomic: a load that fails leaves the old rows. Default:
   * `truncate-and-insert`. `staging-optimized` puts a new table in the place of the old one: columns, grants, comments and indexes that
   * somebody added by hand are gone then.
   */
  readonly replaceStrategy?: ReplaceStrategy
  /** Whether the dataset's name passes through the naming convention. Default: true. */
  readonly normalizeDatasetName?: boolean
  /**
   * Milliseconds that a statement waits for a lock, for instance of a table that somebody else uses. The transaction is then tried again,
   * eight times altogether. 0 waits for ever. Default: 10,000.
   */
  readonly lockTimeout?: number
  /** Milliseconds that a statement may take; longer ones fail. 0 is no limit of its own. Default: what the server has set. */
  readonly statementTimeout?: number
}
