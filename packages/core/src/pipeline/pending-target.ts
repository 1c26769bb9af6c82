import type { Destination } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import type { PackageGroup, StoredPackage } from '../packages/package-group.ts'
import { type PipelineState, type Redirect, withLocal } from '../state/pipeline-state.ts'
import type { DestinationBinding } from './destination-binding.ts'
import type { PipelineSession } from './pipeline-session.ts'

/**
 * Where a package of a group that waits goes: into the dataset that it was extracted for, or that `load` sent it to. What the pipeline was given
 * since holds for data that is extracted from now on: the group's state says in which dataset its rows are.
 *
 * @throws DltError `PACKAGE` where the destination is not the group's, and what the destination's check throws
 */
export function pendingTarget(
  session: PipelineSession,
  binding: DestinationBinding,
  destination: Destination,
  group: PackageGroup,
  stored: StoredPackage,
): PipelineTarget {
  return targetOf({ session, binding, destination, group, stored, where: recorded(session, group) })
}

/**
 * Refuses a destination that a group was not extracted for. Those that differ only in address or credentials cannot be told apart.
 * @throws DltError `PACKAGE`
 */
export function requireDestinationOf(session: PipelineSession, group: PackageGroup, destination: Destination): void {
  requireDestination(session.pipelineName, group, destination, recorded(session, group))
}

/**
 * Sends groups that are normalized to where `load` was told to. It is noted before anything is loaded: whatever happens then, the
 * next step goes on at the same place. Throws like {@link pendingTarget}, and then nothing is noted.
 */
export async function redirectPending(
  session: PipelineSession,
  binding: DestinationBinding,
  destination: Destination,
  to: Redirect,
): Promise<void> {
  const { state, schemas } = session
  const groups = session.pendingGroups().filter(({ stage }) => stage === 'normalized')
  for (const group of groups) {
    const where = { ...recorded(session, group), ...to }
    for (const stored of group.packages) targetOf({ session, binding, destination, group, stored, where })
  }
  const redirects = groups.map(({ id }) => [id, { ...state._local._redirected?.[id], ...to }] as const)
  if (redirects.length === 0) return
  await session.store({ schemas, state: withLocal(state, { _redirected: Object.fromEntries(redirects) }) })
}

/** The state without notes on groups that were sent elsewhere, once those are loaded. */
export function withoutRedirects({ state, working }: PipelineSession): PipelineState {
  if (state._local._redirected === undefined || !working.isEmpty('normalized')) return state
  const { _redirected: _, ...local } = state._local
  return { ...state, _local: local }
}

function targetOf({
  session: { pipelineName, state, defaultSchema },
  binding,
  destination,
  group,
  stored,
  where,
}: {
  readonly session: PipelineSession
  readonly binding: DestinationBinding
  readonly destination: Destination
  readonly group: PackageGroup
  readonly stored: StoredPackage
  readonly where: Redirect
}): PipelineTarget {
  requireDestination(pipelineName, group, destination, where)
  const dataset = where.dataset_name ?? binding.datasetName(state)
  const defaultSchemaName = group.state.default_schema_name
  const { schema } = stored
  return binding.targetOf(destination, { schemaName: schema.name, schema, dataset, defaultSchema, defaultSchemaName })
}

function requireDestination(pipeline: string, group: PackageGroup, destination: Destination, where: Redirect): void {
  const { destinationType: type, destinationName } = group.packages.at(-1)?.manifest ?? {}
  // Extracted without a destination: any will do.
  if (type === undefined) return
  const name = where.destination_name ?? destinationName ?? destination.name
  if (type === destination.type && name === destination.name) return
  const loadId = group.packages[0]?.loadId ?? group.id
  throw new DltError(
    `Load package "${loadId}" of pipeline "${pipeline}" waits for ${quoted({ type, name })} and cannot go to ${quoted(destination)}. ` +
      `Load it into its own destination first, or give it up with pipeline.abort('${loadId}'): the next run extracts its rows again then.`,
    { code: 'PACKAGE', context: { pipeline, loadId, destination: destination.name } },
  )
}

function recorded({ state }: PipelineSession, group: PackageGroup): Redirect {
  return { dataset_name: group.state.dataset_name ?? null, ...state._local._redirected?.[group.id] }
}

function quoted({ type, name }: { readonly type: string; readonly name: string }): string {
  return name === type ? `the destination "${type}"` : `the destination "${name}" of type "${type}"`
}
