import { DltError, refuseUnknownOptions } from '@dlt/schema'
import type { PipeStep } from '../items/pipe-step.ts'
import type { Resource } from './resource.ts'

/** Where a resource ends early: at whichever limit is reached first. */
export interface ResourceLimit {
  /** How much is read: what the data yields (pages, or single items), rows with `countRows`. 0 gives nothing. Default: no limit. */
  readonly maxItems?: number
  /** Seconds after which nothing more is read; what came last is kept. Default: no limit. */
  readonly maxTime?: number
  /** Counts rows and not pages. The page that reaches the limit is kept whole. Default: false. */
  readonly countRows?: boolean
}

/**
 * The step for a limit; `undefined` where nothing is limited.
 * @throws DltError `CONFIGURATION`
 */
export function limitStep(limit: number | ResourceLimit | null, resource: Resource): PipeStep | undefined {
  if (limit !== null && typeof limit !== 'number') {
    refuseUnknownOptions(`addLimit of "${resource.name}"`, limit, ['maxItems', 'maxTime', 'countRows'])
  }
  const { maxItems, maxTime, countRows = false } = givenLimit(limit)
  const subject = `Resource "${resource.name}"`
  if (resource.content.kind === 'transformer') {
    throw new DltError(
      `${subject} is a transformer: a limit has no effect on it. Limit the resource that feeds it, or filter its items.`,
      { code: 'CONFIGURATION', context: { resource: resource.name } },
    )
  }
  if (maxItems !== undefined && (!Number.isInteger(maxItems) || maxItems < 0)) {
    throw new DltError(`${subject}: the limit maxItems must be a whole number, 0 or more.`, { code: 'CONFIGURATION' })
  }
  if (maxTime !== undefined && !(maxTime >= 0)) {
    throw new DltError(`${subject}: the limit maxTime must be a number of seconds, 0 or more.`, {
      code: 'CONFIGURATION',
    })
  }
  if (maxItems === undefined && maxTime === undefined) return undefined
  return {
    kind: 'limit',
    ...(maxItems !== undefined && { maxItems }),
    ...(maxTime !== undefined && { maxSeconds: maxTime }),
    countRows,
  }
}

function givenLimit(limit: number | ResourceLimit | null): ResourceLimit {
  return typeof limit === 'number' ? { maxItems: limit } : (limit ?? {})
}
