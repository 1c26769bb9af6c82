/**
 * Options of the installed destinations, by name. A destination package adds its own:
 *
 * ```ts
 * declare module '@dlt/destination' {
 *   interface DestinationRegistry {
 *     duckdb: DuckDbOptions
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by augmentation
export interface DestinationRegistry {}

/** What the main module of a destination package exports as `destination`: a factory by options. */
export type DestinationFactory<Options> = (options?: Options) => import('./destination.ts').Destination
