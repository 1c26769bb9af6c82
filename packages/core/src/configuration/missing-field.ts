import type { Lookup } from './origin.ts'

/** A value that is needed and that nobody has. */
export interface MissingField {
  /** Names of the enclosing fields and its own, joined by dots. */
  readonly name: string
  readonly secret: boolean
  /** Every place that was looked at, in order; never a value. */
  readonly lookups: readonly Lookup[]
  /** The path to set it at, in words of configuration files; the shortest that belongs to this configuration alone. */
  readonly path: readonly string[]
  /** For a value that can have several forms: what each of them lacks. One of them must be complete. */
  readonly alternatives?: readonly (readonly MissingField[])[]
}
