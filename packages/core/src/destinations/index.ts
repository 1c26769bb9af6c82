export type { DestinationOptions, LazyDestination } from './lazy-destination.ts'
export { duckdb, postgres } from './official-packages.ts'
