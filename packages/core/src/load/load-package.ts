import { join } from 'node:path'
import {
  type AppliedSchemaChange,
  type DestinationClient,
  DestinationError,
  type LoadOutcome,
  type LoadRequest,
  type SchemaRefresh,
} from '@dlt/destination'
import { atCommitPoint } from '../packages/commit-points.ts'
import { removePath, renameSynced, replaceFile } from '../packages/durable-files.ts'
import { failureName, type StoredPackage } from '../packages/package-group.ts'
import type { PackageManifest } from '../packages/package-manifest.ts'
import type { WorkingDirectory } from '../packages/working-directory.ts'
import { withoutSecrets } from '../runtime/known-secrets.ts'
import { giveBackGarbage } from './give-back-garbage.ts'
import type { LoadedPackage } from './load-info.ts'
import { loadRequest } from './load-request.ts'

/**
 * Loads a package. Where a crash is harmless, and why:
 * - before the destination's commit: nothing is visible, the package stays in `normalized` and is loaded again;
 * - after it, before the rename: the package is loaded again, and the destination finds its load id in `_dlt_loads`;
 * - after the rename: it is in `loaded`. The files of rows are removed last, for nobody needs them any more.
 *
 * @returns also for a package that the destination refuses for good: nothing of it is visible, and it stays as it is
 * @throws DestinationError when tables cannot be made, or the destination cannot take the package now; the package stays as it is
 */
export async function loadPackage(
  working: WorkingDirectory,
  client: DestinationClient,
  stored: StoredPackage,
): Promise<LoadedPackage> {
  const startedAt = new Date()
  const request = loadRequest(stored)
  const schemaChanges = await updateSchema(client, request, stored)
  await giveBackGarbage(stored.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0))
  const outcome = await outcomeOf(() => load(client, request))
  const done = { startedAt, schemaChanges, stored, request, datasetName: client.datasetName }
  if (outcome instanceof Error) {
    await recordFailure(stored, outcome)
    return { ...loadedPackage(done), state: 'failed', failure: failureOf(outcome) }
  }
  await removePath('load.finish', join(stored.directory, failureName))
  await renameSynced('load.finish', stored.directory, join(working.stage('loaded'), stored.loadId))
  await working.removeFiles(stored.loadId)
  const changes = [...schemaChanges, ...(outcome.recreated ?? [])]
  const wasLoadedBefore = outcome.status === 'already-loaded'
  return {
    ...loadedPackage({ ...done, schemaChanges: changes }),
    state: 'loaded',
    wasLoadedBefore,
    ...(outcome.decisions !== undefined && { decisions: outcome.decisions }),
  }
}

function updateSchema(
  client: DestinationClient,
  request: LoadRequest,
  { manifest }: StoredPackage,
): Promise<readonly AppliedSchemaChange[]> {
  const refresh = schemaRefresh(request.loadId, manifest)
  const tables = new Set([...request.jobs.map(({ tableName }) => tableName), ...request.truncateTables])
  return atCommitPoint({ point: 'load.update-schema', operation: 'call', subject: request.loadId }, () =>
    client.updateSchema(request.schema, [...tables], refresh),
  )
}

/** What goes before the tables are brought up to the schema. With tables go the versions of the schema that had them. */
export function schemaRefresh(loadId: string, { alterations, refresh }: PackageManifest): SchemaRefresh | undefined {
  const dropTables = refresh?.dropTables ?? []
  if (alterations === undefined && dropTables.length === 0) return undefined
  return {
    loadId,
    dropTables,
    ...(dropTables.length > 0 && { forgetVersions: true }),
    ...(alterations !== undefined && { alterColumns: alterations }),
  }
}

function load(client: DestinationClient, request: LoadRequest): Promise<LoadOutcome> {
  return atCommitPoint({ point: 'load.commit', operation: 'call', subject: request.loadId }, () => client.load(request))
}

/** A refusal for good is an outcome of a package, not an error of the step. */
async function outcomeOf(run: () => Promise<LoadOutcome>): Promise<LoadOutcome | DestinationError> {
  try {
    return await run()
  } catch (error) {
    if (DestinationError.is(error) && error.kind !== 'transient') return error
    throw error
  }
}

async function recordFailure({ directory }: StoredPackage, error: DestinationError): Promise<void> {
  const text = JSON.stringify({ ...failureOf(error), at: new Date() })
  await replaceFile('load.record-failure', join(directory, failureName), text)
}

function failureOf({ message, context }: DestinationError): NonNullable<LoadedPackage['failure']> {
  const { table, file } = context
  return {
    message: withoutSecrets(message),
    ...(table !== undefined && { tableName: table }),
    ...(file !== undefined && { jobId: file }),
  }
}

function loadedPackage({
  startedAt,
  schemaChanges,
  stored,
  request,
  datasetName,
}: {
  readonly startedAt: Date
  readonly schemaChanges: readonly AppliedSchemaChange[]
  readonly stored: StoredPackage
  readonly request: LoadRequest
  readonly datasetName: string
}): Omit<LoadedPackage, 'state'> {
  const { loadId, schema, state, manifest } = stored
  return {
    loadId,
    datasetName,
    schemaName: schema.name,
    schemaVersion: schema.version,
    schemaHash: schema.version_hash,
    ...(state !== undefined && { stateVersion: state._state_version }),
    schemaChanges,
    ...(manifest.refresh !== undefined && { refresh: manifest.refresh }),
    jobs: request.jobs.map(({ jobId, tableName, format, rowCount }) => ({ jobId, tableName, format, rowCount })),
    startedAt,
    finishedAt: new Date(),
  }
}
