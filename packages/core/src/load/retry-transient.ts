import { setTimeout } from 'node:timers/promises'
import { DestinationError } from '@dlt/destination'

/** How often something is tried, and how patiently. */
export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number
  /** Milliseconds before the second attempt; twice as long before each further one. */
  readonly firstPause: number
}

/** Three seconds in all. Clients of destinations wait out short conflicts themselves. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 5, firstPause: 200 }

/**
 * Tries again while a destination says that trying again may help, with growing pauses.
 * @throws the error of the last attempt
 */
export async function retryTransient<Result>(
  attempt: () => Promise<Result>,
  { attempts, firstPause }: RetryPolicy,
): Promise<Result> {
  for (let number = 1; ; number++) {
    try {
      return await attempt()
    } catch (error) {
      if (number >= attempts || !DestinationError.is(error, 'transient')) throw error
      await setTimeout(firstPause * 2 ** (number - 1))
    }
  }
}
