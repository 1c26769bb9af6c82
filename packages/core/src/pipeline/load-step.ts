import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import type { LoadedPackage } from '../load/load-info.ts'
import { loadPackage } from '../load/load-package.ts'
import { removePath } from '../packages/durable-files.ts'
import { type PackageGroup, readGroups, type StoredPackage } from '../packages/package-group.ts'
import { verifyFiles } from '../packages/package-manifest.ts'
import { withLocal } from '../state/pipeline-state.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { ReusedClient } from './reused-client.ts'
import type { AtPackage } from './run-step.ts'

/** Says where a package of a group goes. */
export type TargetOf = (group: PackageGroup, stored: StoredPackage) => PipelineTarget

/**
 * Loads all normalized groups, oldest first, each package by its load id, and stops at one that the destination refuses for good:
 * what comes after it may build on it.
 */
export async function loadStep(
  session: PipelineSession,
  targetOf: TargetOf,
  atPackage: AtPackage,
): Promise<readonly LoadedPackage[]> {
  const packages = await loadGroups(session, targetOf, atPackage)
  if (packages.some(({ state }) => state === 'loaded')) {
    await session.store({ schemas: session.schemas, state: withLocal(session.state, { first_run: false }) })
  }
  return packages
}

async function loadGroups(
  session: PipelineSession,
  targetOf: TargetOf,
  atPackage: AtPackage,
): Promise<readonly LoadedPackage[]> {
  await using clients = new ReusedClient()
  const packages: LoadedPackage[] = []
  for (const group of readGroups(session.working, 'normalized')) {
    atPackage(group.packages[0]?.loadId ?? group.id)
    for (const stored of group.packages) {
      atPackage(stored.loadId)
      const client = await clients.for(targetOf(group, stored))
      if (!session.written.has(stored.loadId)) await verifyFiles(stored.directory, stored.manifest)
      const loaded = await loadPackage(session.working, client, stored)
      packages.push(loaded)
      for (const { sentence } of loaded.decisions ?? []) session.logger.debug(sentence)
      if (loaded.state === 'failed') return packages
    }
    await removePath('load.remove-group', group.directory)
  }
  return packages
}
