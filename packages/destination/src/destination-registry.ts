import type { Destination } from './destination.ts'
import type { Setting } from './setting.ts'

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
export interface DestinationFactory<Options> {
  (options?: Options): Destination
  /**
   * The options that can be configured, under `destination.<name>`; options given in code win. One with the option `name` takes the
   * name under which a destination is configured. Default: none.
   */
  readonly settings?: readonly Setting[]
}
