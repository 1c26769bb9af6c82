/** What a run knows of its cursor while it reads. */
export interface CursorProgress<Value = unknown> {
  /** The furthest cursor so far; before the first item, where the run starts. */
  lastValue(): Value | undefined
  /** Whether the last item was before the range. */
  isBeforeStart(): boolean
  /** Whether the last item was behind the range. */
  isBehindEnd(): boolean
  /** Whether reading on gives nothing more. */
  canClose(): boolean
}

/** The values an incremental begins with. */
export interface CursorBounds<Value = unknown> {
  readonly initialValue: Value | undefined
  readonly startValue: Value | undefined
  readonly endValue: Value | undefined
}

/**
 * The incremental as a resource's function sees it: where to start, and how far it came. Values that come from the state are
 * `Date`, or `PreciseDateTime` where they have microseconds or no zone; they are of a `Temporal` type where `initialValue` is,
 * and of its type of number as far as that holds their digits.
 */
export class Incremental<Value = unknown> {
  /** The cursor to start from when nothing was stored; `undefined` when none is declared. */
  readonly initialValue: Value | undefined
  /** The cursor that this run starts from: the stored last value moved back by the lag; `undefined` in a first run without `initialValue`. */
  readonly startValue: Value | undefined
  /** Where the range ends; `undefined` when it is open. */
  readonly endValue: Value | undefined
  readonly #progress: CursorProgress<Value>

  constructor(bounds: CursorBounds<Value>, progress: CursorProgress<Value>) {
    this.initialValue = bounds.initialValue
    this.startValue = bounds.startValue
    this.endValue = bounds.endValue
    this.#progress = progress
  }

  /** The furthest cursor so far; it begins as `startValue` and moves while items are read. */
  get lastValue(): Value | undefined {
    return this.#progress.lastValue()
  }

  /** Whether the item read last was before the start, or loaded already. */
  get startOutOfRange(): boolean {
    return this.#progress.isBeforeStart()
  }

  /** Whether the item read last was behind `endValue`. */
  get endOutOfRange(): boolean {
    return this.#progress.isBehindEnd()
  }

  /** Whether, by the declared `rowOrder`, all items to come are out of range. */
  canClose(): boolean {
    return this.#progress.canClose()
  }
}
