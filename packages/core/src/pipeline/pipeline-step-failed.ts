import { DltError } from '@dlt/schema'

/** A step of a pipeline. */
export type PipelineStep = 'extract' | 'normalize' | 'load' | 'sync'

/** What is known of a failed step. */
export interface PipelineStepFailedOptions {
  readonly pipeline: string
  readonly step: PipelineStep
  readonly loadId?: string
  /** Whether packages of this pipeline wait to be normalized or loaded. */
  readonly hasPendingPackages: boolean
  readonly cause: unknown
}

/** A step of a pipeline failed; `cause` says why. What was committed before stays and is finished by the next run. */
export class PipelineStepFailed extends DltError {
  readonly pipeline: string
  readonly step: PipelineStep
  readonly loadId: string | undefined
  readonly hasPendingPackages: boolean

  constructor(options: PipelineStepFailedOptions) {
    const { pipeline, step, loadId, hasPendingPackages, cause } = options
    const reason = cause instanceof Error ? cause.message : String(cause)
    const where = loadId === undefined ? '' : `, load package "${loadId}"`
    super(`Pipeline "${pipeline}" failed at step "${step}"${where}: ${reason}`, {
      code: 'STEP_FAILED',
      retryable: DltError.is(cause) && cause.retryable,
      context: { pipeline, step, ...(loadId !== undefined && { loadId }) },
      cause,
    })
    this.pipeline = pipeline
    this.step = step
    this.loadId = loadId
    this.hasPendingPackages = hasPendingPackages
  }
}
