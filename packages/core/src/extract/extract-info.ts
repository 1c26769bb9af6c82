import type { ExtractMetrics } from './extract-metrics.ts'

/** A package that `extract` made. */
export interface ExtractedPackage {
  readonly loadId: string
  readonly schemaName: string
  readonly schemaHash: string
  /** Whether the pipeline's state is stored with this package, because it changed. */
  readonly storesState: boolean
  /** What was read; absent for a package that only brings the state. */
  readonly metrics?: ExtractMetrics
}

/** What `extract` did. */
export interface ExtractInfo {
  readonly pipelineName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** The new packages, one for each schema, in the order in which they are loaded; none when there was nothing new. */
  readonly packages: readonly ExtractedPackage[]
}
