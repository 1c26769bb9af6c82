import type { DestinationClient } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { removePath } from '../packages/durable-files.ts'
import { type PackageGroup, readGroups, type StoredPackage } from '../packages/package-group.ts'
import { verifyFiles } from '../packages/package-manifest.ts'
import type { PipelineSession } from '../pipeline/pipeline-session.ts'
import { type PipelineTarget, withClient } from '../pipeline/pipeline-target.ts'
import type { AtPackage } from '../pipeline/run-step.ts'
import { withLocal } from '../state/pipeline-state.ts'
import type { LoadedPackage } from './load-info.ts'
import { loadPackage } from './load-package.ts'

/**
 * Loads all normalized groups, oldest first, each package by its load id, and stops at one that the destination refuses for good:
 * what comes after it may build on it.
 */
export async function loadStep(
  session: PipelineSession,
  target: PipelineTarget,
  atPackage: AtPackage,
): Promise<readonly LoadedPackage[]> {
  const groups = readGroups(session.working, 'normalized')
  if (groups.length === 0) return []
  const packages = await withClient(target, (client) => loadGroups(session, client, target, groups, atPackage))
  reportFailures(session, packages)
  if (packages.some(({ state }) => state === 'loaded')) {
    await session.store({ schemas: session.schemas, state: withLocal(session.state, { first_run: false }) })
  }
  return packages
}

async function loadGroups(
  session: PipelineSession,
  client: DestinationClient,
  target: PipelineTarget,
  groups: readonly PackageGroup[],
  atPackage: AtPackage,
): Promise<readonly LoadedPackage[]> {
  const packages: LoadedPackage[] = []
  for (const group of groups) {
    for (const stored of group.packages) {
      atPackage(stored.loadId)
      requireMadeFor(stored, target)
      if (!session.written.has(stored.loadId)) await verifyFiles(stored.directory, stored.manifest)
      const loaded = await loadPackage(session.working, client, stored)
      packages.push(loaded)
      if (loaded.state === 'failed') return packages
    }
    await removePath('load.remove-group', group.directory)
  }
  return packages
}

// The files of a package are in formats, and with names and types, that its destination takes.
function requireMadeFor({ loadId, manifest }: StoredPackage, { destination }: PipelineTarget): void {
  const { destinationType = destination.type } = manifest
  if (destinationType === destination.type) return
  throw new DltError(
    `Load package "${loadId}" was normalized for a destination of type "${destinationType}" and cannot be loaded into "${destination.type}". Load it into its own destination first.`,
    { code: 'PACKAGE', context: { loadId, destination: destination.type } },
  )
}

// A package that fails raises nothing, so it must not be missed.
function reportFailures({ logger, pipelineName }: PipelineSession, packages: readonly LoadedPackage[]): void {
  for (const { loadId, failure } of packages) {
    if (failure === undefined) continue
    logger.error(
      `Pipeline "${pipelineName}": load package "${loadId}" failed, nothing of it is visible, and the next run tries it again before it extracts anything: ${failure.message}`,
    )
  }
}
