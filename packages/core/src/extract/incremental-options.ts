/** How a resource loads only what is new. */
export interface IncrementalOptions<Value = unknown> {
  /** The key of an item that says how new it is, or a JSONPath to it. */
  readonly cursorPath: string
  /** Where the first run starts. Default: everything is loaded. */
  readonly initialValue?: Value
  /** Where to stop: a backfill, which neither reads nor changes the state. Default: no end. */
  readonly endValue?: Value
  /** Which of two values is the later one. Default: `max`. */
  readonly lastValueFunc?: 'max' | 'min' | { pick(values: readonly Value[]): Value }['pick']
  /** The order of the items, where there is one: reading then stops at the first item out of range. Default: none. */
  readonly rowOrder?: 'asc' | 'desc'
  /** What tells apart items with the same cursor value; `[]` turns that off. Default: the resource's primary key, else the whole item. */
  readonly primaryKey?: string | readonly string[]
  /** Whether items at the start belong to the range. Default: `closed`, they do unless they were loaded before. */
  readonly rangeStart?: 'closed' | 'open'
  /** Whether items at `endValue` belong to the range. Default: `open`, they do not. */
  readonly rangeEnd?: 'open' | 'closed'
  /** How far before the last value to start again: seconds, days (for dates) or units (for numbers). Default: 0. */
  readonly lag?: number
  /** What happens to an item whose cursor is missing or null. Default: `raise`. */
  readonly onCursorValueMissing?: 'raise' | 'include' | 'exclude'
  /** Whether an interval that a scheduler sets in the environment is used as the range. Default: `DLT_ALLOW_EXTERNAL_SCHEDULERS`. */
  readonly allowExternalSchedulers?: boolean
}
