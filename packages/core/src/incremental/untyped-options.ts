import type { IncrementalOptions as TypedIncrementalOptions } from './incremental-options.ts'

/**
 * How a resource loads only what is new, of a cursor of any type.
 * (Its function is declared as a method, so that options with a typed one fit.)
 */
export interface IncrementalOptions extends Omit<TypedIncrementalOptions, 'lastValueFunc'> {
  /**
   * Which of two cursors is further: `max` (default), `min`, or a function of `[cursor of the row, remembered value]` that
   * returns the value to remember.
   */
  readonly lastValueFunc?: 'max' | 'min' | { pick(values: readonly unknown[]): unknown }['pick']
}
