import { setTimeout as sleep } from 'node:timers/promises'
import { DestinationError } from '../destination-error.ts'

/** How often and how long conflicts are waited out. */
export interface RetryPolicy {
  /** Tries altogether. */
  readonly attempts: number
  /** Pause before the second try, in milliseconds; it doubles with every further one. */
  readonly firstPause: number
  /** Longest pause, in milliseconds. */
  readonly longestPause: number
}

/** About 8 seconds altogether. */
export const defaultRetryPolicy: RetryPolicy = { attempts: 8, firstPause: 50, longestPause: 3_000 }

const isConflict = (error: unknown): boolean => DestinationError.is(error, 'transient') && error.conflict

/** Half of the pause is left to chance, so that two that met do not meet again. */
const pauseBefore = (attempt: number, policy: RetryPolicy): number => {
  const pause = Math.min(policy.firstPause * 2 ** (attempt - 2), policy.longestPause)
  return pause * (0.5 + Math.random() / 2)
}

/** Runs a transaction again while another one is in its way; the last error is thrown. */
export const retryConflicts = async <Result>(
  run: () => Promise<Result>,
  policy: RetryPolicy = defaultRetryPolicy,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      if (attempt >= policy.attempts || !isConflict(error)) throw error
      await sleep(pauseBefore(attempt + 1, policy))
    }
  }
}
