import { join } from 'node:path'
import { DltError, type Schema } from '@dlt/schema'
import { removePath, renameSynced } from '../packages/durable-files.ts'
import { latestLoadId } from '../packages/load-id.ts'
import { readLoadedPackages } from '../packages/loaded-packages.ts'
import { type PackageGroup, readStartedFrom } from '../packages/package-group.ts'
import type { PipelineSnapshot } from '../packages/state-cache.ts'
import { withLocal } from '../state/pipeline-state.ts'
import { type PendingPackage, pendingPackages, requirePending } from './pending-package.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** What `abort` gave up. */
export interface AbortInfo {
  readonly pipelineName: string
  /** The packages that are gone, newest first. */
  readonly packages: readonly PendingPackage[]
  /** Load ids of the same groups that were loaded before: their rows stay, and will be extracted again. */
  readonly loadedBefore: readonly string[]
}

/** Asks the destination which packages of a group it has: their load ids. */
export type FindLoaded = (group: PackageGroup) => Promise<readonly string[]>

/**
 * Gives up a pending package, with its whole group and every group after it, newest first, and puts state and schemas back to what
 * the group started from.
 *
 * For each group the cache is rewound first, and then the group is taken out of its stage by one rename. A crash in between leaves
 * the group, which brings the cache up again; after the rename, the group is gone and the cache is what it started from. So state
 * never says that rows were extracted which are nowhere.
 *
 * @param findLoaded asked about each normalized group: a process may have died after the destination's commit, before the package
 * was moved. Absent where the rows may stay (`force`).
 * @throws DltError `PACKAGE` when the package is not pending, or a package of its group was loaded and the rows may not stay
 */
export async function abortPackages(
  session: PipelineSession,
  loadId: string,
  findLoaded: FindLoaded | undefined,
): Promise<AbortInfo> {
  const { pipelineName, working, lastLoadId } = session
  const groups = requirePending(session, loadId)
  const loadedBefore = loadedOf(session, groups)
  if (findLoaded !== undefined) {
    const atDestination = await loadedUnnoticed(groups, findLoaded)
    const loaded = [...loadedBefore, ...atDestination]
    if (loaded.length > 0) throw isAtDestination(pipelineName, loadId, loaded)
  }
  const aborted = groups.toReversed()
  for (const group of aborted) {
    await session.store(startedFrom(session, group))
    const given = join(working.stage('extracting'), `aborted-${group.id}`)
    await renameSynced('abort.commit', group.directory, given)
    await removePath('leftovers.remove', given)
  }
  await keepLoadIds(session, lastLoadId)
  return { pipelineName, packages: pendingPackages(groups).toReversed(), loadedBefore }
}

function loadedOf({ working }: PipelineSession, groups: readonly PackageGroup[]): readonly string[] {
  const ids = new Set(groups.map(({ id }) => id))
  const loaded = [...readLoadedPackages(working)].filter(({ manifest }) => ids.has(manifest.groupId))
  return loaded.map(({ loadId }) => loadId).toReversed()
}

async function loadedUnnoticed(groups: readonly PackageGroup[], findLoaded: FindLoaded): Promise<readonly string[]> {
  const loadIds: string[] = []
  for (const group of groups.filter(({ stage }) => stage === 'normalized')) loadIds.push(...(await findLoaded(group)))
  return loadIds
}

/** State and schemas before a group. What was loaded meanwhile keeps its schema: the destination has its columns. */
function startedFrom(
  { state: current, schemas: known, working }: PipelineSession,
  group: PackageGroup,
): PipelineSnapshot {
  const schemas = new Map(known)
  let { state } = group
  for (const stored of group.packages) {
    const before = readStartedFrom(stored)
    state = before.state
    const { schemaName } = stored.manifest
    const loaded = readLoadedPackages(working).find(({ schema }) => schema.name === schemaName)
    const schema = laterSchema(before.schema, loaded?.schema)
    if (schema === undefined) schemas.delete(schemaName)
    else schemas.set(schema.name, schema)
  }
  const { first_run, _redirected } = current._local
  const local = { first_run: state._local.first_run && first_run, ...(_redirected !== undefined && { _redirected }) }
  return { state: withLocal(state, local), schemas }
}

function laterSchema(one: Schema | undefined, other: Schema | undefined): Schema | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return other.version > one.version ? other : one
}

// Aborted ids are not given again, also when the clock was set back.
async function keepLoadIds(session: PipelineSession, lastLoadId: string | undefined): Promise<void> {
  const known = [lastLoadId, session.lastLoadId].filter((loadId) => loadId !== undefined)
  const last = latestLoadId(known)
  if (last === undefined) return
  await session.store({ state: withLocal(session.state, { _last_load_id: last }), schemas: session.schemas })
}

function isAtDestination(pipeline: string, loadId: string, loaded: readonly string[]): DltError {
  const list = loaded.map((one) => `"${one}"`).join(', ')
  return new DltError(
    `Load package "${loadId}" of pipeline "${pipeline}" cannot be given up: ${list} of the same extract, or of a later one, ${loaded.length === 1 ? 'is' : 'are'} loaded already. ` +
      `Finish the rest with pipeline.retry('${loadId}'), or pass { force: true }: the rows that are loaded stay then, and will be extracted again.`,
    { code: 'PACKAGE', context: { pipeline, loadId } },
  )
}
