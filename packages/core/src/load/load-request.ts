import { join } from 'node:path'
import type { FileFormat, LoadJob, LoadRequest } from '@dlt/destination'
import { rootTableOf } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import type { StoredPackage } from '../packages/package-group.ts'
import { damagedPackage } from '../packages/present-files.ts'

/** What a destination is asked to load. Files of tables with the disposition `skip` are left out. */
export function loadRequest(stored: StoredPackage): LoadRequest {
  const { loadId, schema, manifest, directory } = stored
  const jobs = manifest.files
    .filter(({ tableName }) => rootTableOf(schema, tableName).write_disposition !== 'skip')
    .map((file) => loadJob(directory, file))
  const emptied = manifest.refresh?.truncateTables.filter((name) => schema.tables.has(name)) ?? []
  return { loadId, schema, jobs, truncateTables: [...new Set([...manifest.replacedTables, ...emptied])] }
}

function loadJob(directory: string, { name, tableName, kind, rows, columns = [] }: ManifestFile): LoadJob {
  const path = join(directory, name)
  return { jobId: name, tableName, path, format: rowFormat(path, kind), rowCount: rows, columns }
}

function rowFormat(path: string, kind: ManifestFile['kind']): FileFormat {
  if (kind !== 'pages' && kind !== 'json_lines') return kind
  throw damagedPackage(path, 'it belongs to a package that was not normalized')
}
