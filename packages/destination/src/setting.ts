/** What a setting holds. */
export type SettingType =
  | 'text'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'list'
  | 'table'
  | { readonly oneOf: readonly string[] }

/** A setting that configuration providers may hold: declared once, as data, for looking it up and for the page that lists it. */
export interface Setting {
  /** Name in the environment and in files: snake_case. */
  readonly key: string
  /** Another name that is looked for where the first one is not found, for instance that of the reference system. Default: none. */
  readonly alias?: string
  /** Name of the option in code; it wins. Absent where there is none. */
  readonly option?: string
  readonly type: SettingType
  /** The smallest number. Default: any. */
  readonly minimum?: number
  /** Whether it may not stand in `config.toml`. Default: false. */
  readonly secret?: boolean
  /**
   * For a value that can also be given in parts, as credentials can: the parts, which are looked up below the key and make a record of
   * their options. Default: none.
   */
  readonly parts?: readonly Setting[]
  /**
   * Under which name the value itself stands in that record where parts are found beside it: they say what it leaves out. Default: parts
   * beside a value are not looked for.
   */
  readonly whole?: string
  /** What holds when nobody sets it, in words. */
  readonly default: string
  /** What it does, in a sentence. */
  readonly effect: string
}
