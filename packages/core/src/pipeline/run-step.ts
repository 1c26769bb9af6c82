import { readPendingGroups } from '../packages/package-group.ts'
import type { PipelineStep, StepTiming } from '../runtime/pipeline-step.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { PipelineStepFailed } from './pipeline-step-failed.ts'

/** Told by a step which package it is working on. */
export type AtPackage = (loadId: string) => void

/**
 * Runs a step.
 *
 * @param timings gets the step when it is finished
 * @throws PipelineStepFailed whatever the step threw, with the package that it was working on
 */
export async function runStep<Result>(
  session: PipelineSession,
  step: PipelineStep,
  timings: StepTiming[],
  run: (atPackage: AtPackage) => Promise<Result>,
): Promise<Result> {
  const startedAt = new Date()
  let current: string | undefined
  try {
    const result = await run((loadId) => {
      current = loadId
    })
    timings.push({ step, startedAt, finishedAt: new Date() })
    return result
  } catch (cause) {
    throw new PipelineStepFailed({
      pipeline: session.pipelineName,
      step,
      hasPendingPackages: hasPendingPackages(session),
      cause,
      ...(current !== undefined && { loadId: current }),
    })
  }
}

function hasPendingPackages({ working }: PipelineSession): boolean {
  try {
    return readPendingGroups(working).length > 0
  } catch {
    // A package that cannot be read is there: it is what the step failed at.
    return true
  }
}
