import type { DuckDbOptions } from './options.ts'

declare module '@dlt/destination' {
  interface DestinationRegistry {
    duckdb: DuckDbOptions
  }
}

export { duckdb, duckdb as destination } from './destination.ts'
export type { DuckDbCredentials, DuckDbOptions } from './options.ts'
