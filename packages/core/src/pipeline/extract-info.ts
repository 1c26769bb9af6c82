import type { ExtractMetrics } from '../extract/extract-metrics.ts'

/** What `extract` did. */
export interface ExtractInfo {
  readonly pipelineName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** Load ids of the new packages; empty when nothing was extracted. */
  readonly loadIds: readonly string[]
  /** What was read, by schema name. */
  readonly sources: ReadonlyMap<string, ExtractMetrics>
}
