import type { Destination } from './destination.ts'
import type { Setting } from './setting.ts'

/**
 * Options of the destinations that `@dlt/core/destinations` offers by name. Their packages add them; others are typed by their factories:
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
export interface DestinationFactory<Options> {
  (options?: Options): Destination
  /**
   * The options that can be configured, under `destination.<name>` with the `name` of the destination; options given in code win. One with
   * the option `name` takes the name under which a destination is configured. Default: none.
   */
  readonly settings?: readonly Setting[]
}
