import { DltError, refuseUnknownOptions } from '@dlt/schema'
import PQueue from 'p-queue'
import { currentPlace } from './current-place.ts'

/** How many calls an API takes. */
export interface RateLimitOptions {
  /** How many calls may begin within any stretch of the length `seconds`. */
  readonly calls: number
  /** Length of the stretch. Default: 1. */
  readonly seconds?: number
}

/** What a single call is told. */
export interface RateLimitedCall {
  /** Ends the waiting: the promise is rejected with its reason. Default: the signal of the resource whose code calls. */
  readonly signal?: AbortSignal
}

/**
 * Makes a call when its turn comes: at once while the limit is not reached, else in the order in which it was asked for. The promise
 * becomes what the call gives. Where the signal aborts, calls that wait are never made, and take nobody's turn.
 */
export type RateLimit = <Result>(call: () => Result | PromiseLike<Result>, options?: RateLimitedCall) => Promise<Result>

/**
 * A limit for an API that allows so many calls in a stretch of time; how many are under way at once is the business of `concurrency`
 * and `maxConcurrency`. It counts for all code that uses it, so make one for each API, outside of functions.
 *
 * ```ts
 * const limit = dlt.rateLimit({ calls: 10 })
 * const details = dlt.transformer({ name: 'details', dataFrom: users, concurrency: 20 }, (user, { signal }) =>
 *   limit(() => fetchDetails(user.id, signal)),
 * )
 * ```
 *
 * @throws DltError `CONFIGURATION` for numbers that are none
 */
export function rateLimit(options: RateLimitOptions): RateLimit {
  refuseUnknownOptions('dlt.rateLimit', options, ['calls', 'seconds'])
  const { calls, seconds = 1 } = options
  if (!Number.isInteger(calls) || calls < 1) throw wrong('calls must be a whole number, 1 or more')
  if (!(seconds > 0 && seconds <= longestStretch)) {
    throw wrong(`seconds must be a number above 0, ${longestStretch} at most`)
  }
  // Any stretch, and not each one of a row of them: at the seam of two there could be twice as many.
  const queue = new PQueue({ intervalCap: calls, interval: seconds * 1000, strict: true })
  return async (call, given = {}) => {
    const signal = given.signal ?? currentPlace().resource?.signal
    return queue.add(async () => call(), signal === undefined ? {} : { signal })
  }
}

/** A day: timers count milliseconds with 31 bits. */
const longestStretch = 86_400

function wrong(what: string): DltError {
  return new DltError(`dlt.rateLimit: ${what}.`, { code: 'CONFIGURATION' })
}
