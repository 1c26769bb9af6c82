import { loadPackage } from '../load/load-package.ts'
import { removePath } from '../packages/durable-files.ts'
import { readGroups } from '../packages/package-group.ts'
import type { LoadedPackage } from './load-info.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { type PipelineTarget, withClient } from './pipeline-target.ts'

/**
 * Loads all normalized groups, oldest first, each package by its load id, and stops at one that the destination refuses for good:
 * what comes after it may build on it.
 */
export async function loadStep(
  session: PipelineSession,
  target: PipelineTarget,
  onPackage: (loadId: string) => void,
): Promise<readonly LoadedPackage[]> {
  const groups = await readGroups(session.working, 'normalized')
  if (groups.length === 0) return []
  const loaded = await withClient(target, async (client) => {
    const packages: LoadedPackage[] = []
    for (const group of groups) {
      for (const stored of group.packages) {
        onPackage(stored.loadId)
        const one = await loadPackage(session.working, client, stored)
        packages.push(one)
        if (one.state === 'failed') return packages
      }
      await removePath(group.directory)
    }
    return packages
  })
  reportFailures(session, loaded)
  if (loaded.some(({ state }) => state === 'loaded')) await markLoaded(session)
  return loaded
}

// A failed package raises nothing, so it must not be missed: the line is written whatever the level of messages is.
function reportFailures(session: PipelineSession, packages: readonly LoadedPackage[]): void {
  for (const { loadId, failure } of packages) {
    if (failure === undefined) continue
    session.logger.error(
      `Pipeline "${session.pipelineName}": load package "${loadId}" failed, nothing of it is visible: ${failure} The next run tries it again before it extracts anything.`,
    )
  }
}

async function markLoaded(session: PipelineSession): Promise<void> {
  const { state } = session
  if (!state._local.first_run) return
  await session.store({ ...session.snapshot, state: { ...state, _local: { ...state._local, first_run: false } } })
}
