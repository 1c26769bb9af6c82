import { type AbortInfo, abortPackages } from './abort-packages.ts'
import { loadedAtDestination } from './loaded-at-destination.ts'
import { requirePending } from './pending-package.ts'
import { pendingTarget } from './pending-target.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { PipelineWorkplace } from './pipeline-workplace.ts'

/** Gives up packages, see `Pipeline.abort`. The destination is asked only about those that it can have. */
export async function abortCall(
  { binding }: PipelineWorkplace,
  session: PipelineSession,
  loadId: string,
  { force = false }: { readonly force?: boolean },
): Promise<AbortInfo> {
  if (force) return abortPackages(session, loadId, undefined)
  const groups = requirePending(session, loadId)
  if (groups.every(({ stage }) => stage === 'extracted')) return abortPackages(session, loadId, undefined)
  const destination = await binding.resolve(session.state)
  return abortPackages(session, loadId, (group) =>
    loadedAtDestination(group, (stored) => pendingTarget(session, binding, destination, group, stored)),
  )
}
