import { join } from 'node:path'
import { type AppliedSchemaChange, type DestinationClient, DestinationError, type LoadOutcome } from '@dlt/destination'
import { removePath, replaceFile } from '../packages/durable-files.ts'
import { failureName, type StoredPackage } from '../packages/package-group.ts'
import { verifyFiles } from '../packages/package-manifest.ts'
import type { WorkingDirectory } from '../packages/working-directory.ts'
import type { LoadedPackage } from '../pipeline/load-info.ts'
import { loadRequest } from './load-request.ts'
import { retryTransient } from './retry-transient.ts'

/**
 * Loads a package. Where a crash is harmless, and why:
 * - before the destination's commit: nothing is visible, the package stays `normalized` and is loaded again;
 * - after it, before the rename: the package is loaded again, and the destination finds its load id in `_dlt_loads`;
 * - after the rename: it is `loaded`. The rows' files are removed last, for nobody needs them any more.
 *
 * @throws DestinationError `transient` when the destination cannot take it now; the package stays as it is
 */
export async function loadPackage(
  working: WorkingDirectory,
  client: DestinationClient,
  stored: StoredPackage,
): Promise<LoadedPackage> {
  await verifyFiles(stored.directory, stored.manifest)
  const request = loadRequest(stored)
  const tables = [...new Set([...request.jobs.map(({ tableName }) => tableName), ...request.truncateTables])]
  const schemaChanges = await retryTransient(() => client.updateSchema(stored.schema, tables))
  const outcome = await loadOrFail(() => retryTransient(() => client.load(request)))
  if (outcome instanceof Error) return failed(stored, schemaChanges, outcome)
  await removePath(join(stored.directory, failureName))
  await working.move(stored.directory, 'loaded', stored.loadId)
  for (const { name } of stored.manifest.files) await removePath(join(working.stage('loaded'), stored.loadId, name))
  return {
    ...identity(stored),
    state: 'loaded',
    schemaChanges,
    jobs: stored.manifest.files.map(({ name, tableName, rows }) => ({ jobId: name, tableName, rowCount: rows })),
  }
}

/** A refusal for good is an outcome of a package, not an error of the step. */
async function loadOrFail(load: () => Promise<LoadOutcome>): Promise<LoadOutcome | DestinationError> {
  try {
    return await load()
  } catch (error) {
    if (DestinationError.is(error, 'terminal')) return error
    throw error
  }
}

async function failed(
  stored: StoredPackage,
  schemaChanges: readonly AppliedSchemaChange[],
  error: Error,
): Promise<LoadedPackage> {
  await replaceFile(join(stored.directory, failureName), JSON.stringify({ message: error.message }))
  return { ...identity(stored), state: 'failed', schemaChanges, jobs: [], failure: error.message }
}

function identity({ loadId, schema }: StoredPackage): Pick<LoadedPackage, 'loadId' | 'schemaName' | 'schemaHash'> {
  return { loadId, schemaName: schema.name, schemaHash: schema.version_hash }
}
