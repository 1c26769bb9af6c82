import type { PostgresOptions } from './options.ts'

declare module '@dlt/destination' {
  interface DestinationRegistry {
    postgres: PostgresOptions
  }
}

export { postgres, postgres as destination } from './destination.ts'
export type { PostgresCredentials, PostgresOptions, PostgresParts } from './options.ts'
