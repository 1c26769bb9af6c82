import type { BoundaryRows } from './boundary-rows.ts'
import { isGiven } from './check-incremental.ts'
import { type CursorName, cursorMissing } from './cursor-error.ts'
import { cursorValue, readCursor } from './cursor-kind.ts'
import type { CursorReader } from './cursor-path.ts'
import { type CursorBounds, Incremental } from './incremental.ts'
import type { IncrementalOptions } from './incremental-options.ts'
import { likeNumber } from './number-values.ts'
import type { StoredCursor } from './stored-cursor.ts'
import { likeTemporal } from './temporal-values.ts'

/** One reading of a resource with an incremental. Not to be used for a second one. */
export interface IncrementalRun {
  /** What the resource's function sees. */
  readonly view: Incremental
  /**
   * Whether an item passes.
   * @throws DltError `DATA` for a cursor that is missing (unless the options allow it), or cannot be compared
   */
  admit(item: unknown): boolean
  /**
   * Ends a page: hashes the rows at the last value. Items that come one by one need it only before they are changed or dropped.
   * @throws DltError `DATA` when too many rows share the last value, or one has no key
   */
  endPage(): void
  /** Whether the source may be closed, as `rowOrder` says that all items to come are out of range. */
  readonly canClose: boolean
  /** What the state holds afterwards; `undefined` when nothing is stored, as with `endValue`. Errors as `endPage`. */
  result(): StoredCursor | undefined
}

/** What a run is made of. */
export interface RunSettings {
  readonly name: CursorName
  /** The options, with the range of a scheduler where it counts. */
  readonly options: IncrementalOptions
  readonly read: CursorReader
  /** What the state held, or a new document. */
  readonly stored: StoredCursor
  /** Where this run starts; undefined or null for the first row of all. */
  readonly start: unknown
  /** Rows at the last value; absent when rows of one cursor are not told apart. */
  readonly boundary: BoundaryRows | undefined
  /** IANA name of the zone in which date-times without a zone are read. */
  readonly timeZone: string
  readonly warn: (message: string) => void
}

/** What all runs share: items without a cursor, the range of the last item, the document to store. */
export abstract class CursorRun implements IncrementalRun {
  readonly view: Incremental
  protected readonly settings: RunSettings
  protected readonly boundary: BoundaryRows | undefined
  #hasItems = false
  #hasPassed = false
  #range: 'inside' | 'before start' | 'behind end' = 'inside'
  #isClosed = false

  constructor(settings: RunSettings, bounds: CursorBounds) {
    this.settings = settings
    this.boundary = settings.boundary
    this.view = new Incremental(bounds, {
      lastValue: () => toUser(this.#hasItems ? this.lastValue() : settings.start, settings.options.initialValue),
      isBeforeStart: () => this.#range === 'before start',
      isBehindEnd: () => this.#range === 'behind end',
      canClose: () => this.#isClosed,
    })
  }

  abstract admit(item: unknown): boolean

  /** The furthest cursor so far. */
  protected abstract lastValue(): unknown

  get canClose(): boolean {
    return this.#isClosed
  }

  endPage(): void {
    this.boundary?.hashWaiting()
  }

  result(): StoredCursor | undefined {
    const { stored, options } = this.settings
    if (isGiven(options.endValue)) return undefined
    if (!this.#hasItems) return storable(stored)
    return storable({
      initial_value: stored.initial_value,
      last_value: this.lastValue(),
      unique_hashes: this.boundary?.hashes() ?? [],
      start_value: this.#hasPassed ? stored.last_value : stored.start_value,
    })
  }

  protected pass(): true {
    this.#hasItems = true
    this.#hasPassed = true
    this.#range = 'inside'
    return true
  }

  protected dropBeforeStart(): false {
    this.#hasItems = true
    this.#range = 'before start'
    if (this.settings.options.rowOrder === 'desc') this.#isClosed = true
    return false
  }

  protected dropBehindEnd(): false {
    this.#hasItems = true
    this.#range = 'behind end'
    if (this.settings.options.rowOrder === 'asc') this.#isClosed = true
    return false
  }

  /** An item without a cursor. Nothing at all is no item. */
  protected admitWithoutCursor(item: unknown, found: null | undefined): boolean {
    if (!isGiven(item)) return false
    const { onCursorValueMissing = 'raise' } = this.settings.options
    if (onCursorValueMissing === 'raise') throw cursorMissing(this.settings.name, found)
    if (onCursorValueMissing === 'include') return this.pass()
    this.#hasItems = true
    this.#range = 'inside'
    return false
  }
}

/** The document with values that typed JSON knows. */
function storable(stored: StoredCursor): StoredCursor {
  return {
    initial_value: storableValue(stored.initial_value),
    last_value: storableValue(stored.last_value),
    unique_hashes: stored.unique_hashes,
    start_value: storableValue(stored.start_value),
  }
}

function storableValue(value: unknown): unknown {
  const cursor = readCursor(value)
  return cursor === undefined ? (value ?? null) : cursorValue(cursor)
}

/** A value as user code sees it: of the type of number or of `Temporal` that the model has, and absent rather than null. */
export function toUser(value: unknown, model: unknown): unknown {
  const cursor = readCursor(value)
  return cursor === undefined ? (value ?? undefined) : likeTemporal(likeNumber(cursorValue(cursor), model), model)
}
