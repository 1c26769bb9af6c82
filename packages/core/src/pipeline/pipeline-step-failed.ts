import { DltError, type ErrorCode } from '@dlt/schema'
import type { PipelineStep } from '../runtime/pipeline-step.ts'

/** What is known of a failed step. */
export interface PipelineStepFailedOptions {
  readonly pipeline: string
  readonly step: PipelineStep
  /** The package that the step was working on. */
  readonly loadId?: string
  /** Whether packages of this pipeline wait to be normalized or loaded. */
  readonly hasPendingPackages: boolean
  readonly cause: unknown
}

/** A step of a pipeline failed; `cause` says why, secrets that dlt resolved show as `***` in the message. What was committed before stays, and the next run finishes it first. */
export class PipelineStepFailed extends DltError {
  readonly pipeline: string
  readonly step: PipelineStep
  readonly loadId: string | undefined
  readonly hasPendingPackages: boolean

  constructor(options: PipelineStepFailedOptions) {
    const { pipeline, step, loadId, hasPendingPackages, cause } = options
    super(messageOf(options), {
      code: 'STEP_FAILED',
      retryable: DltError.is(cause) && cause.retryable,
      context: {
        ...(DltError.is(cause) && cause.context),
        pipeline,
        step,
        ...(loadId !== undefined && { loadId }),
      },
      cause,
    })
    this.pipeline = pipeline
    this.step = step
    this.loadId = loadId
    this.hasPendingPackages = hasPendingPackages
  }
}

// What is no matter of the data: a package that is damaged, or a disk that does not take its files.
const ofTheDisk: readonly ErrorCode[] = ['PACKAGE', 'WORKING_DIRECTORY']

function messageOf({ pipeline, step, loadId, hasPendingPackages, cause }: PipelineStepFailedOptions): string {
  const where = loadId === undefined ? '' : `, load package "${loadId}"`
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `Pipeline "${pipeline}" failed at step "${step}"${where}: ${reason}`
  if (!hasPendingPackages) return message
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  if (loadId === undefined)
    return `${sentence} Packages wait in the working directory; the next run finishes them first.`
  const giveUp = `pipeline.abort('${loadId}')`
  // A package holds the data as it was: correcting the source, or a hint, changes nothing about it.
  const isRefused = DltError.is(cause) && !cause.retryable && !ofTheDisk.includes(cause.code)
  return step === 'normalize' && isRefused
    ? `${sentence} The package keeps the data as it was extracted: after the correction, give it up with ${giveUp} and run again.`
    : `${sentence} Packages wait in the working directory; the next run finishes them first, or ${giveUp} gives them up.`
}
