import { type DestinationOptions, LazyDestination } from './lazy-destination.ts'

/** A package that can be called by a short name. */
export interface OfficialPackage {
  readonly packageName: string
  /** Versions that this version of core works with, as in `package.json`. */
  readonly range: string
}

/** Short name of an official destination. */
export type OfficialDestination = 'duckdb' | 'postgres'

const packages: Readonly<Record<OfficialDestination, OfficialPackage>> = {
  duckdb: { packageName: '@dlt/destination-duckdb', range: '^0.1.0' },
  postgres: { packageName: '@dlt/destination-postgres', range: '^0.1.0' },
}

/** The official destinations by name. This file is the only place in core that knows them. */
export const officialPackages: ReadonlyMap<string, OfficialPackage> = new Map(Object.entries(packages))

/**
 * DuckDB, an embedded database: by default the file `<pipeline name>_db.duckdb` in the current directory.
 * Needs `@dlt/destination-duckdb`, which is loaded when a pipeline first uses the destination; where it is not installed, the
 * pipeline fails with a `MissingPackageError` before anything is extracted.
 */
export function duckdb(options?: DestinationOptions<'duckdb'>): LazyDestination {
  return new LazyDestination('duckdb', options)
}

/**
 * PostgreSQL: by default the server that the `PG…` variables of the environment and the password file name, as for `psql`.
 * Needs `@dlt/destination-postgres`, which is loaded as {@link duckdb} is.
 */
export function postgres(options?: DestinationOptions<'postgres'>): LazyDestination {
  return new LazyDestination('postgres', options)
}
