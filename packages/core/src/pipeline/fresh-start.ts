import type { Destination } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import type { PipelineSession } from './pipeline-session.ts'

/** Working directories whose state reflects what a destination holds in the memory of this process. */
const reflected = new WeakMap<Destination, Set<string>>()

/** Whether the state in a working directory can be about what a destination holds in memory: some step of this process put it there. */
export function reflectsMemory(destination: Destination, directory: string): boolean {
  return reflected.get(destination)?.has(directory) ?? false
}

/** Notes that the state in a working directory is about what a destination holds in memory. */
export function rememberMemory(destination: Destination, directory: string): void {
  const directories = reflected.get(destination) ?? new Set()
  reflected.set(destination, directories.add(directory))
}

/** Forgets it: what the destination held is gone. */
export function forgetMemory(destination: Destination): void {
  reflected.delete(destination)
}

/**
 * Before a working directory is emptied for a destination in memory: packages that were extracted for another one must not go.
 * @throws DltError `PACKAGE` naming them
 */
export function refuseToForget(session: PipelineSession): void {
  const groups = session.pendingGroups().filter(({ state }) => state._local._in_memory !== true)
  const loadIds = groups.flatMap(({ packages }) => packages.map(({ loadId }) => loadId))
  const [first] = loadIds
  if (first === undefined) return
  throw new DltError(
    `Pipeline "${session.pipelineName}" has load packages that wait for another destination: ${loadIds.join(', ')}. A database in memory starts with an empty working directory, which would lose them. Load them into their destination first, or give them up with pipeline.abort('${first}').`,
    { code: 'PACKAGE', context: { pipeline: session.pipelineName, loadId: first } },
  )
}
