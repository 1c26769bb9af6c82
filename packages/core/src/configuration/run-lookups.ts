import { DltError } from '@dlt/schema'
import type { Lookups } from './ask-providers.ts'

/** Runs lookups; promises of providers are awaited. */
export async function runLookups<Result>(lookups: Lookups<Result>): Promise<Result> {
  let step = lookups.next()
  while (step.done !== true) {
    try {
      const answer: unknown = await step.value
      step = lookups.next(answer)
    } catch (error) {
      step = lookups.throw(error)
    }
  }
  return step.value
}

/**
 * Runs lookups without waiting.
 * @throws DltError `CONFIGURATION` where somebody returns a promise all the same
 */
export function runLookupsSync<Result>(lookups: Lookups<Result>): Result {
  const step = lookups.next()
  if (step.done === true) return step.value
  // Its outcome is of no use, and a rejection must not end the process.
  Promise.resolve(step.value).catch(() => undefined)
  throw new DltError(
    'A configuration provider that says it is synchronous returned a promise. Leave out "synchronous" where a provider may return promises.',
    { code: 'CONFIGURATION' },
  )
}
