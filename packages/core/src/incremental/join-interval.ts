import { DltError, PlainDate } from '@dlt/schema'
import { isGiven } from './check-incremental.ts'
import { compareKeys, sameValue } from './compare-cursors.ts'
import { type CursorKind, type CursorValue, cursorValue, kindName, readCursor } from './cursor-kind.ts'
import type { ExternalSchedule } from './external-interval.ts'
import type { IncrementalOptions } from './incremental-options.ts'
import { wallClockAt } from './time-zone.ts'

/**
 * The options with the scheduler's interval as their range, where they or the environment allow it. The interval takes the kind
 * of the initial value, and stays within the declared range. Such a run keeps no state.
 *
 * @throws DltError `CONFIGURATION` when there is no interval, or the cursor is no time
 */
export function joinInterval(
  options: IncrementalOptions,
  { interval, isAllowed = false, timeZone }: ExternalSchedule,
  resource: string,
): IncrementalOptions {
  if (!(options.allowExternalSchedulers ?? isAllowed)) return options
  if (interval === undefined) throw noInterval(resource)
  const convert = converter(options.initialValue, timeZone, resource)
  const start = convert(interval.start)
  const end = convert(interval.end)
  const { initialValue, endValue } = options
  return {
    ...options,
    initialValue: isGiven(initialValue) && isFurthest(options, initialValue, start) ? initialValue : start,
    endValue: isGiven(endValue) && isFurthest(options, end, endValue) ? endValue : end,
  }
}

/** Whether the first of two values is what `lastValueFunc` makes of them. */
function isFurthest({ lastValueFunc = 'max' }: IncrementalOptions, value: unknown, other: unknown): boolean {
  if (typeof lastValueFunc === 'function') return sameValue(lastValueFunc([value, other]), value)
  const [left, right] = [readCursor(value), readCursor(other)]
  if (left?.kind !== right?.kind || left === undefined || right === undefined) return false
  return compareKeys(left.key, right.key) * (lastValueFunc === 'max' ? 1 : -1) >= 0
}

function converter(model: unknown, timeZone: string, resource: string): (time: Date) => CursorValue {
  const kind: CursorKind | undefined = readCursor(model)?.kind
  const wall = (time: Date): bigint => wallClockAt(BigInt(time.getTime()) * 1000n, timeZone)
  switch (kind) {
    case 'instant':
      return (time) => time
    case 'wall-clock':
      return (time) => cursorValue({ kind, key: wall(time) })
    case 'date':
      return (time) => new PlainDate(Math.floor(Number(wall(time) / 1000n) / 86_400_000))
    case 'number':
      return secondsLike(model)
    default:
      throw noTime(model, kind, resource)
  }
}

/** Seconds since 1970: whole ones for a whole initial value. */
function secondsLike(model: unknown): (time: Date) => number | bigint {
  if (typeof model === 'bigint') return (time) => BigInt(Math.floor(time.getTime() / 1000))
  const isWhole = Number.isInteger(Number(model))
  return (time) => (isWhole ? Math.floor(time.getTime() / 1000) : time.getTime() / 1000)
}

function noInterval(resource: string): DltError {
  return new DltError(
    `Resource "${resource}": its incremental takes its range from a scheduler, but there is none. Set DLT_INTERVAL_START and DLT_INTERVAL_END in the environment, or set allowExternalSchedulers: false.`,
    { code: 'CONFIGURATION', context: { resource } },
  )
}

function noTime(model: unknown, kind: CursorKind | undefined, resource: string): DltError {
  const what = isGiven(model) ? `initialValue is ${kindName(model)}` : 'there is no initialValue to tell its kind'
  const remedy =
    kind === 'text'
      ? 'Turn the cursor into a Date with addMap and give a Date as initialValue'
      : 'Give a Date as initialValue'
  return new DltError(
    `Resource "${resource}": its incremental takes its range from a scheduler, but ${what}. ${remedy}, a PlainDate or a number of seconds; or set allowExternalSchedulers: false.`,
    { code: 'CONFIGURATION', context: { resource } },
  )
}
