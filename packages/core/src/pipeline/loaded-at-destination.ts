import type { PackageGroup } from '../packages/package-group.ts'
import { type PipelineTarget, withClient } from './pipeline-target.ts'

/** Asks a group's destination which of its packages are loaded: their load ids. */
export function loadedAtDestination(target: PipelineTarget, { packages }: PackageGroup): Promise<readonly string[]> {
  return withClient(target, async (client) => {
    const loadIds: string[] = []
    for (const { loadId, manifest } of packages) {
      if (await client.isLoaded(loadId, manifest.schemaName)) loadIds.push(loadId)
    }
    return loadIds
  })
}
