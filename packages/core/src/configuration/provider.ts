/** What a provider is told about the value that is looked for. */
export interface LookupHint {
  /** Whether the value is declared as a secret. */
  readonly secret: boolean
}

/** A place where a provider takes its values from. */
export interface ProviderLocation {
  /** Path of a file or folder, or whatever else people find it by. */
  readonly path: string
  /** Whether it exists. */
  readonly present: boolean
}

/** A place that configuration values come from: the environment, a file, a vault. */
export interface ConfigProvider {
  /** Name for people, for instance `secrets.toml`; no two providers share one. */
  readonly name: string
  /** Whether it may hold secrets. A secret that is found in one that may not is an error. */
  readonly supportsSecrets: boolean
  /**
   * Whether `get` never returns a promise. Only such providers are asked for the arguments of `dlt.pipeline` and the settings of
   * its steps. Default: false.
   */
  readonly synchronous?: boolean
  /** Whether there is nothing in it: it is not asked then, and not listed among the places that were looked at. Default: false. */
  readonly isEmpty?: boolean
  /** Where its values come from. Default: nothing that people could look at. */
  readonly locations?: readonly ProviderLocation[]
  /**
   * A value, or undefined (or null) where there is none. Text is parsed by the type that is looked for, everything else is taken
   * as it is.
   *
   * @param path sections and key, most general first: `['sources', 'github', 'token']`
   * @throws anything; it ends the resolution with an error that names this provider
   */
  get(path: readonly string[], hint: LookupHint): unknown
  /** How the provider calls a path, for messages: `SOURCES__GITHUB__TOKEN`, `sources.github.token`. */
  keyOf(path: readonly string[]): string
  /**
   * All places that are looked at for a path, in order, for messages. Default: the one that {@link keyOf} names.
   */
  placesOf?(path: readonly string[], hint: LookupHint): readonly string[]
  /** The one location that a value came from; the provider's name is used where it is not known. */
  locationOf?(path: readonly string[]): string | undefined
  /** Called once before values are looked up, so that what changed since then can be read again. */
  refresh?(): void | Promise<void>
  /** Stores a value for good; null or undefined removes it. Absent where nothing can be stored. */
  set?(path: readonly string[], value: unknown): void
}
