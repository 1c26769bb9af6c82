import { DltError } from '@dlt/schema'
import type { LoadFailure } from '../load/load-info.ts'
import { loadIdTime } from '../packages/load-id.ts'
import type { PackageGroup } from '../packages/package-group.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** A committed load package that waits to be normalized or loaded. */
export interface PendingPackage {
  readonly loadId: string
  /** The group that the package was extracted with; its packages are finished one after another. */
  readonly groupId: string
  /** `failed` when the destination refused it for good; the next run tries it again. */
  readonly state: 'extracted' | 'normalized' | 'failed'
  readonly schemaName: string
  readonly createdAt: Date
  /** Rows by table; of extracted packages, documents by root table. */
  readonly rowCounts: Readonly<Record<string, number>>
  /** Why it failed. */
  readonly failure?: LoadFailure['message']
}

/** The packages of groups, in the order in which they are finished. */
export function pendingPackages(groups: readonly PackageGroup[]): readonly PendingPackage[] {
  return groups.flatMap(({ id, stage, packages }) =>
    packages.map(({ loadId, manifest, failure }) => ({
      loadId,
      groupId: id,
      state: failure === undefined ? stage : 'failed',
      schemaName: manifest.schemaName,
      createdAt: loadIdTime(loadId),
      rowCounts: rowCounts(manifest.files),
      ...(failure !== undefined && { failure }),
    })),
  )
}

/**
 * The groups from the one with a package on, oldest first.
 * @throws DltError `PACKAGE` when the package is not pending
 */
export function requirePending(session: PipelineSession, loadId: string): readonly PackageGroup[] {
  const pending = session.pendingGroups()
  const first = pending.findIndex(({ packages }) => packages.some((one) => one.loadId === loadId))
  if (first >= 0) return pending.slice(first)
  const known = pendingPackages(pending).map((one) => `"${one.loadId}"`)
  const what = known.length === 0 ? 'Nothing is pending.' : `Pending are ${known.join(', ')}.`
  throw new DltError(`Pipeline "${session.pipelineName}" has no pending load package "${loadId}". ${what}`, {
    code: 'PACKAGE',
    context: { pipeline: session.pipelineName, loadId },
  })
}

function rowCounts(files: readonly { readonly tableName: string; readonly rows: number }[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { tableName, rows } of files) counts.set(tableName, (counts.get(tableName) ?? 0) + rows)
  return Object.fromEntries(counts)
}
