import { DltError } from '@dlt/schema'
import { isGiven } from './check-incremental.ts'
import { sameValue } from './compare-cursors.ts'
import { copyValue } from './copy-value.ts'
import { lastValueFunctionFailed } from './cursor-error.ts'
import { CursorRun, type RunSettings, toUser } from './cursor-run.ts'
import type { LastValueFunction } from './incremental-options.ts'

/** A run with a function that picks the last value. Cursors may be of any kind; equality is that of their content. */
export class CustomRun extends CursorRun {
  readonly #pick: LastValueFunction<unknown>
  readonly #start: unknown
  readonly #end: unknown
  #last: unknown

  constructor(settings: RunSettings, pick: LastValueFunction<unknown>) {
    const { options, start } = settings
    super(settings, {
      initialValue: options.initialValue ?? undefined,
      startValue: toUser(start, options.initialValue),
      endValue: options.endValue ?? undefined,
    })
    this.#pick = pick
    this.#start = toUser(start, options.initialValue)
    this.#last = this.#start
    this.#end = options.endValue
  }

  admit(item: unknown): boolean {
    const value = this.settings.read(item)
    if (value === undefined || value === null) return this.admitWithoutCursor(item, value)
    if (isGiven(this.#end) && this.#isBehindEnd(value)) return this.dropBehindEnd()
    const furthest = this.#furthest(value, this.#last)
    if (!sameValue(furthest, this.#last)) {
      // It may be a part of the item, which later steps may change.
      this.#last = copyValue(furthest)
      this.boundary?.restart(item)
      return this.pass()
    }
    const processed = this.#furthest(value)
    if (this.#isLoaded(item, value, processed)) return this.dropBeforeStart()
    if (sameValue(processed, this.#last)) this.boundary?.add(item)
    return this.pass()
  }

  protected override lastValue(): unknown {
    return this.#last
  }

  #isBehindEnd(value: unknown): boolean {
    if (!sameValue(this.#furthest(value, this.#end), this.#end)) return true
    return this.settings.options.rangeEnd !== 'closed' && sameValue(this.#furthest(value), this.#end)
  }

  #isLoaded(item: unknown, value: unknown, processed: unknown): boolean {
    const atStart = isGiven(this.#start) && sameValue(processed, this.#start)
    if (atStart && this.settings.options.rangeStart === 'open') return true
    if (!sameValue(this.#furthest(value, this.#start), this.#start)) return false
    return !atStart || (this.boundary?.isKnown(item) ?? false)
  }

  #furthest(value: unknown, other?: unknown): unknown {
    try {
      return this.#pick(isGiven(other) ? [value, other] : [value])
    } catch (cause) {
      throw DltError.is(cause) ? cause : lastValueFunctionFailed(this.settings.name, cause)
    }
  }
}
