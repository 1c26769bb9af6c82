import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import type { PackageGroup, StoredPackage } from '../packages/package-group.ts'
import { ReusedClient } from './reused-client.ts'

/** Asks the destination which packages of a group are loaded: their load ids. */
export async function loadedAtDestination(
  { packages }: PackageGroup,
  targetOf: (stored: StoredPackage) => PipelineTarget,
): Promise<readonly string[]> {
  await using clients = new ReusedClient()
  const loadIds: string[] = []
  for (const stored of packages) {
    const client = await clients.for(targetOf(stored))
    if (await client.isLoaded(stored.loadId, stored.manifest.schemaName)) loadIds.push(stored.loadId)
  }
  return loadIds
}
