/** Picks the value to remember from a row's cursor and, but for the very first row, the value remembered so far. */
export type LastValueFunction<Value> = (values: readonly Value[]) => Value

/** Names of the columns that tell rows of one cursor value apart, or a function that gives them for an item. */
export type BoundaryKey = string | readonly string[] | ((item: unknown) => string | readonly string[])

/**
 * How a resource is loaded incrementally: only rows whose cursor is not loaded yet pass, and the furthest cursor is kept in the
 * pipeline's state.
 */
export interface IncrementalOptions<Value = unknown> {
  /**
   * Where the cursor is in an item: a key (`updated_at`), or a JSONPath (`$.meta.updated`, `events[0].at`), of which the first
   * match counts. The key of the state document, so a changed path starts anew. Quote a key that has dots: `"'a.b'"`.
   */
  readonly cursorPath: string
  /** The cursor to start from when nothing is stored yet. Default: none, everything is loaded. */
  readonly initialValue?: Value | null
  /**
   * Loads the range from `initialValue` up to this value and leaves the stored state alone, as backfills do. Needs
   * `initialValue`. Default: none.
   */
  readonly endValue?: Value | null
  /**
   * Which of two cursors is further: `max` (default), `min`, or a function of `[cursor of the row, remembered value]` that
   * returns the value to remember.
   */
  readonly lastValueFunc?: 'max' | 'min' | LastValueFunction<Value>
  /**
   * The order in which the source gives rows, as `lastValueFunc` sees it. With `asc` reading stops behind `endValue`, with
   * `desc` at the first row that is loaded already. Default: none, everything is read.
   */
  readonly rowOrder?: 'asc' | 'desc'
  /**
   * What identifies a row among those with the same cursor, so that rows at the boundary are not loaded twice. `[]` lets them be
   * loaded again. Default: the resource's primary key; without one, the whole row.
   */
  readonly primaryKey?: BoundaryKey
  /** Whether rows at the start value pass: `closed` (default) lets the unknown ones pass, `open` none of them. */
  readonly rangeStart?: 'closed' | 'open'
  /** Whether rows at `endValue` pass: `open` (default) lets none pass, `closed` all. */
  readonly rangeEnd?: 'open' | 'closed'
  /**
   * Reads a stretch before the last value again: days for date cursors (as `initialValue` declares), seconds for date-times,
   * otherwise a difference. Rows at the boundary are then not told apart, and the state never moves backwards. Ignored together
   * with `endValue`. Only with `max` and `min`. Default: 0.
   */
  readonly lag?: number
  /**
   * What happens to a row whose cursor is absent or null: `raise` (default) fails the resource, `include` lets it pass,
   * `exclude` drops it.
   */
  readonly onCursorValueMissing?: 'raise' | 'include' | 'exclude'
  /**
   * Whether the interval of a scheduler (`DLT_INTERVAL_START`, `DLT_INTERVAL_END`) becomes the range. Default: as
   * `DLT_ALLOW_EXTERNAL_SCHEDULERS` says, otherwise false.
   */
  readonly allowExternalSchedulers?: boolean
}
