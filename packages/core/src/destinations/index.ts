export type { DestinationOptions, LazyDestination } from './lazy-destination.ts'
export { duckdb } from './official-packages.ts'
