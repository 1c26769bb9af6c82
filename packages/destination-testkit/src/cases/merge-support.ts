import type { MergeStrategy } from '@dlt/schema'
import type { ConformanceCase } from '../conformance-case.ts'

/** Leaves out destinations that do not merge in a way. */
export const unlessMerges =
  (strategy: MergeStrategy): NonNullable<ConformanceCase['unless']> =>
  ({ dispositions }) =>
    dispositions.mergeStrategies?.includes(strategy) === true
      ? undefined
      : `the destination does not merge by ${strategy}`
