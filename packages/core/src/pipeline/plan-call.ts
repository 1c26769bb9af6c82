import type { Destination } from '@dlt/destination'
import type { RunPlan } from '../plan/run-plan.ts'
import { createState } from '../state/pipeline-state.ts'
import { reflectsMemory } from './fresh-start.ts'
import { pendingPackages } from './pending-package.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { PipelineSteps } from './pipeline-steps.ts'
import type { PipelineWorkplace } from './pipeline-workplace.ts'
import { planRun } from './plan-run.ts'
import type { RunOptions } from './run-options.ts'

/** Reads the data of a plan, for the destination of the steps. */
export type ExtractForPlan = (steps: PipelineSteps, session: PipelineSession) => Promise<void>

/**
 * Tells what a run would change, see `Pipeline.plan`. What is given holds for this call alone, and the working directory is only read.
 * @param extractWith makes what reads the data, once the destination is known
 */
export async function planCall(
  place: PipelineWorkplace,
  options: RunOptions,
  extractWith: (destination: Destination) => ExtractForPlan,
): Promise<RunPlan> {
  const { pipelineName, logger, schemaFiles, directory } = place
  const binding = place.binding.copyFor(options)
  const { state } = place.snapshot()
  const destination = await binding.resolve(state)
  const { context } = binding.target(destination, binding.datasetName(state), undefined)
  const isForgotten = destination.isVolatile?.(context) === true && !reflectsMemory(destination, directory)
  const pending = place.isOurs ? pendingPackages(place.pendingGroups()) : []
  return planRun({
    pipelineName,
    logger: { ...logger, info: () => undefined },
    schemaFiles: schemaFiles.readOnly(),
    snapshot: isForgotten ? { state: createState(pipelineName), schemas: new Map() } : place.snapshot(),
    pendingLoadIds: pending.map(({ loadId }) => loadId),
    binding,
    destination,
    stepsOf: (session) => place.steps(session, binding),
    sync: (steps) => place.sync(steps, destination),
    extract: extractWith(destination),
  })
}
