/** One place that was looked at. */
export interface Lookup {
  /** Name of the provider. */
  readonly provider: string
  /** The key as the provider calls it. */
  readonly key: string
}

/** Where a value came from. */
export interface Origin extends Lookup {
  /** The file or folder, where the provider knows it. */
  readonly location?: string
}

/** An origin in words: `"sources.github.token" in secrets.toml ("/home/me/.dlt/secrets.toml")`. */
export function describeOrigin({ provider, key, location }: Origin): string {
  return `"${key}" in ${provider}${location === undefined ? '' : ` ("${location}")`}`
}
