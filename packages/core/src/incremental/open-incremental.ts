import { BoundaryRows } from './boundary-rows.ts'
import { checkIncremental, isGiven } from './check-incremental.ts'
import { type CursorName, storedWithoutOrder } from './cursor-error.ts'
import { cursorValue, readCursor } from './cursor-kind.ts'
import { compileCursorPath } from './cursor-path.ts'
import type { IncrementalRun, RunSettings } from './cursor-run.ts'
import { CustomRun } from './custom-run.ts'
import type { ExternalSchedule } from './external-interval.ts'
import { keyReader } from './hash-row.ts'
import type { BoundaryKey, IncrementalOptions } from './incremental-options.ts'
import { joinInterval } from './join-interval.ts'
import { applyLag, type Lag } from './lag.ts'
import { OrderedRun } from './ordered-run.ts'
import { newStoredCursor, type StoredCursor } from './stored-cursor.ts'

/** Where a run takes place. */
export interface IncrementalContext {
  /** What the state holds for this cursor; `undefined` in a first run. */
  readonly stored: StoredCursor | undefined
  /** Name of the resource, for errors. */
  readonly resource: string
  /** The resource's primary key, which identifies rows unless the incremental has a key of its own. */
  readonly resourcePrimaryKey?: BoundaryKey | undefined
  /** Whether rows that are loaded again take the place of the earlier ones. Default: false. */
  readonly isMerged?: boolean
  /** What the environment says about a scheduler. Default: there is none. */
  readonly schedule?: ExternalSchedule
  /** Takes warnings. */
  readonly warn: (message: string) => void
}

/**
 * Begins a run of an incremental. It is pure: what it read is in `result()`, which the caller stores together with the data.
 *
 * @throws DltError `CONFIGURATION` for wrong options, `DATA` when the stored value does not fit them
 */
export function openIncremental<Value>(
  options: IncrementalOptions<Value>,
  context: IncrementalContext,
): IncrementalRun {
  checkIncremental(options)
  return open(withoutTypes(options), context)
}

/** The options with a function that takes any values; that they are of the declared type cannot be known at run time. */
function withoutTypes<Value>(options: IncrementalOptions<Value>): IncrementalOptions {
  const { lastValueFunc, ...rest } = options
  if (typeof lastValueFunc !== 'function') return lastValueFunc === undefined ? rest : { ...rest, lastValueFunc }
  return { ...rest, lastValueFunc: (values) => Reflect.apply(lastValueFunc, undefined, [values]) }
}

function open(declared: IncrementalOptions, context: IncrementalContext): IncrementalRun {
  const { resource, schedule = { timeZone: 'UTC' } } = context
  const options = joinInterval(declared, schedule, resource)
  const isStateless = isGiven(options.endValue)
  const stored = (isStateless ? undefined : context.stored) ?? newStoredCursor(options.initialValue ?? null)
  const settings: RunSettings = {
    name: { resource, cursorPath: options.cursorPath },
    options,
    read: compileCursorPath(options.cursorPath),
    stored,
    start: stored.last_value,
    boundary: openBoundary(options, stored, context),
    timeZone: schedule.timeZone,
    warn: context.warn,
  }
  const { lastValueFunc } = options
  if (typeof lastValueFunc === 'function') return new CustomRun(settings, lastValueFunc)
  const lag = lagOf(options, resource, schedule.timeZone)
  return new OrderedRun({ ...settings, start: orderedStart(settings.name, stored.last_value, lag) }, lag !== undefined)
}

function lagOf(options: IncrementalOptions, resource: string, timeZone: string): Lag | undefined {
  const { lag, initialValue, lastValueFunc } = options
  if (!lag || isGiven(options.endValue)) return undefined
  return { lag, lastValueFunc: lastValueFunc === 'min' ? 'min' : 'max', initialValue, timeZone, resource }
}

function orderedStart(name: CursorName, last: unknown, lag: Lag | undefined): unknown {
  if (!isGiven(last)) return undefined
  const cursor = readCursor(last)
  if (cursor === undefined) throw storedWithoutOrder(name, last)
  return lag === undefined ? last : cursorValue(applyLag(lag, cursor))
}

/** Rows of one cursor are not told apart where the range leaves them out, nothing is stored, or a lag repeats them anyway. */
function openBoundary(
  options: IncrementalOptions,
  stored: StoredCursor,
  { resource, resourcePrimaryKey, isMerged, warn }: IncrementalContext,
): BoundaryRows | undefined {
  const key = options.primaryKey ?? resourcePrimaryKey
  if (options.rangeStart === 'open' || isGiven(options.endValue) || options.lag) return undefined
  if (Array.isArray(key) && key.length === 0) return undefined
  return new BoundaryRows({
    resource,
    cursorPath: options.cursorPath,
    stored: stored.unique_hashes,
    readKey: keyReader(key),
    warn,
    ...(isMerged !== undefined && { isRepeatable: isMerged }),
  })
}
