import type { Destination, DestinationRegistry } from '@dlt/destination'
import { concealFields } from '../configuration/conceal-secrets.ts'

const brand = Symbol.for('@dlt/lazy-destination')

/** Options of a destination: typed where its package is installed and imported, any record otherwise. */
export type DestinationOptions<Name extends string> = Name extends keyof DestinationRegistry
  ? DestinationRegistry[Name]
  : Readonly<Record<string, unknown>>

/** A destination by its name, with options, whose package is loaded when a pipeline first uses it. */
export class LazyDestination {
  /** Short name of an official destination, or name of a package. */
  readonly reference: string
  /** Passed to the package's factory. Not shown when it is printed. */
  readonly options: unknown
  #loaded: Promise<Destination> | undefined

  constructor(reference: string, options?: unknown) {
    this.reference = reference
    this.options = options
    Object.defineProperty(this, brand, { value: true })
    // Options may be credentials.
    concealFields(this, ['options'])
  }

  /** Whether a value is a lazy destination, from whichever copy of the package. */
  static is(value: unknown): value is LazyDestination {
    return typeof value === 'object' && value !== null && brand in value
  }

  /** The one destination of this reference: pipelines that share it share its connection or its database in memory. */
  load(make: (reference: string, options: unknown) => Promise<Destination>): Promise<Destination> {
    this.#loaded ??= make(this.reference, this.options).catch((error: unknown) => {
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }
}
