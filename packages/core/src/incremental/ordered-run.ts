import { compareKeys } from './compare-cursors.ts'
import { cursorMismatch, cursorWithoutOrder } from './cursor-error.ts'
import {
  type Cursor,
  type CursorKey,
  type CursorKind,
  cursorValue,
  dateKey,
  microsecondsOf,
  readCursor,
} from './cursor-kind.ts'
import { CursorRun, type RunSettings, toUser } from './cursor-run.ts'
import { instantOfWallClock, wallClockAt } from './time-zone.ts'

/** A run of `max` or `min`: cursors of one kind, compared by their keys. */
export class OrderedRun extends CursorRun {
  readonly #direction: 1 | -1
  readonly #startIsOpen: boolean
  readonly #endIsOpen: boolean
  #kind: CursorKind | undefined
  #start: CursorKey | undefined
  #last: CursorKey | undefined
  #end: CursorKey | undefined
  /** The stored last value, where a lag makes the run start before it: the new one must not fall behind it. */
  #least: CursorKey | undefined
  #hasRead = false

  constructor(settings: RunSettings, hasLag: boolean) {
    const { options, start } = settings
    super(settings, {
      initialValue: options.initialValue ?? undefined,
      startValue: toUser(start, options.initialValue),
      endValue: options.endValue ?? undefined,
    })
    this.#least = hasLag ? readCursor(settings.stored.last_value)?.key : undefined
    this.#direction = options.lastValueFunc === 'min' ? -1 : 1
    this.#startIsOpen = options.rangeStart === 'open'
    this.#endIsOpen = options.rangeEnd !== 'closed'
    const from = readCursor(start)
    this.#kind = from?.kind
    this.#start = from?.key
    this.#last = from?.key
    this.#end = readCursor(options.endValue)?.key
  }

  admit(item: unknown): boolean {
    const value = this.settings.read(item)
    if (value === undefined || value === null) return this.admitWithoutCursor(item, value)
    const key = this.#keyOf(value)
    if (this.#end !== undefined && this.#isBehindEnd(key, this.#end)) return this.dropBehindEnd()
    this.#hasRead = true
    if (this.#last === undefined) return this.#advance(item, key)
    const order = compareKeys(key, this.#last) * this.#direction
    if (order > 0) return this.#advance(item, key)
    if (this.#start !== undefined && this.#isLoaded(item, key, this.#start)) return this.dropBeforeStart()
    if (order === 0) this.boundary?.add(item)
    return this.pass()
  }

  protected override lastValue(): unknown {
    const last = this.#furthest()
    return last === undefined ? null : cursorValue(last)
  }

  #furthest(): Cursor | undefined {
    const [kind, last, least] = [this.#kind, this.#last, this.#least]
    if (kind === undefined || last === undefined) return undefined
    const isBehind = least !== undefined && compareKeys(least, last) * this.#direction > 0
    return { kind, key: isBehind ? least : last }
  }

  #advance(item: unknown, key: CursorKey): true {
    this.#last = key
    this.boundary?.restart(item)
    return this.pass()
  }

  #isBehindEnd(key: CursorKey, end: CursorKey): boolean {
    const order = compareKeys(key, end) * this.#direction
    return order > 0 || (order === 0 && this.#endIsOpen)
  }

  #isLoaded(item: unknown, key: CursorKey, start: CursorKey): boolean {
    const order = compareKeys(key, start) * this.#direction
    if (order !== 0) return order < 0
    return this.#startIsOpen || (this.boundary?.isKnown(item) ?? false)
  }

  #keyOf(value: unknown): CursorKey {
    if (typeof value === 'number') {
      if (this.#kind === 'number' && Number.isFinite(value)) return value
    } else if (typeof value === 'string') {
      if (this.#kind === 'text') return value
    } else if (this.#kind === 'instant' && value instanceof Date) {
      const key = dateKey(value)
      if (key !== undefined) return key
    }
    return this.#otherKey(value)
  }

  #otherKey(value: unknown): CursorKey {
    const cursor = readCursor(value)
    if (cursor === undefined) throw cursorWithoutOrder(this.settings.name, value)
    if (this.#kind !== undefined && this.#kind !== cursor.kind) this.#adapt(cursor.kind, value)
    this.#kind = cursor.kind
    return cursor.key
  }

  /**
   * The first item decides whether date-times have a zone: the values that the run began with follow it, read in the context's
   * zone.
   */
  #adapt(kind: CursorKind, value: unknown): void {
    const { name, options, warn, timeZone } = this.settings
    const from = this.#kind
    const isDateTime = (other: CursorKind | undefined): boolean => other === 'instant' || other === 'wall-clock'
    if (this.#hasRead || !isDateTime(from) || !isDateTime(kind)) {
      const hasEnd = this.#end !== undefined
      throw cursorMismatch(
        name,
        value,
        hasEnd ? 'endValue' : 'the last value',
        hasEnd ? options.endValue : this.lastValue(),
      )
    }
    const convert = kind === 'instant' ? instantOfWallClock : wallClockAt
    const adapt = (key: CursorKey | undefined): CursorKey | undefined =>
      key === undefined ? undefined : convert(microsecondsOf(key), timeZone)
    this.#start = adapt(this.#start)
    this.#last = adapt(this.#last)
    this.#end = adapt(this.#end)
    this.#least = adapt(this.#least)
    warn(
      `Resource "${name.resource}": the items' cursor "${name.cursorPath}" ${kind === 'instant' ? 'has a time zone' : 'has no time zone'}, but the value to start from ${kind === 'instant' ? 'has none' : 'has one'}. It is read in the zone ${timeZone}. Check initialValue, or whether the data changed between runs.`,
    )
  }
}
