import type { LoadInfo } from '../load/load-info.ts'
import { type DropSelection, planDrop } from '../refresh/plan-drop.ts'
import { requireSchema } from './commit-change.ts'
import type { PipelineCall } from './pipeline-call.ts'
import type { PipelineWorkplace } from './pipeline-workplace.ts'
import { refuseWaiting } from './refuse-sync.ts'
import type { DropInfo } from './run-options.ts'
import type { SchemaChange } from './schema-change.ts'

/** Changes begin from what the destination has, with nothing that waits. */
async function beginChange(place: PipelineWorkplace, { session, steps, destination }: PipelineCall): Promise<void> {
  refuseWaiting(session)
  await place.sync(steps, destination)
}

/** Drops or renames columns, see `Pipeline.alterSchema`. */
export async function alterCall(place: PipelineWorkplace, call: PipelineCall, change: SchemaChange): Promise<LoadInfo> {
  await beginChange(place, call)
  await call.steps.alter(change, call.destination)
  return call.finish({ firstRun: false })
}

/** Drops tables and state of resources, see `Pipeline.drop`. */
export async function dropCall(
  place: PipelineWorkplace,
  call: PipelineCall,
  selection: DropSelection & { readonly dryRun?: boolean },
): Promise<DropInfo> {
  await beginChange(place, call)
  const { session, steps, destination } = call
  const plan = planDrop(requireSchema(session, selection.schema), session.state, selection)
  for (const warning of plan.parts.warnings) session.logger.warning(`Pipeline "${session.pipelineName}": ${warning}`)
  if (selection.dryRun === true || plan.parts.isEmpty) return plan.parts
  await steps.drop(plan, destination)
  return { ...plan.parts, loadInfo: await call.finish({ firstRun: false }) }
}
