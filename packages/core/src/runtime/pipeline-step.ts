/** A step of a pipeline; `sync` is taking state and schemas from the destination. */
export type PipelineStep = 'sync' | 'extract' | 'normalize' | 'load'

/** When a step ran. */
export interface StepTiming {
  readonly step: PipelineStep
  readonly startedAt: Date
  readonly finishedAt: Date
}
