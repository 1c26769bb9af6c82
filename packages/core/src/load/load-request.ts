import { join } from 'node:path'
import type { FileFormat, LoadJob, LoadRequest } from '@dlt/destination'
import { DltError, rootTableOf } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import type { StoredPackage } from '../packages/package-group.ts'

/** What a destination is asked to load. Files of tables with the disposition `skip` are left out. */
export function loadRequest(stored: StoredPackage): LoadRequest {
  const { loadId, schema, manifest, directory } = stored
  const jobs = manifest.files
    .filter(({ tableName }) => rootTableOf(schema, tableName).write_disposition !== 'skip')
    .map((file) => loadJob(directory, file))
  return { loadId, schema, jobs, truncateTables: manifest.replacedTables }
}

function loadJob(directory: string, file: ManifestFile): LoadJob {
  return {
    jobId: file.name,
    tableName: file.tableName,
    path: join(directory, file.name),
    format: rowFormat(file),
    rowCount: file.rows,
    columns: file.columns ?? [],
  }
}

function rowFormat({ name, kind }: ManifestFile): FileFormat {
  if (kind !== 'pages' && kind !== 'json_lines') return kind
  throw new DltError(
    `The file "${name}" of a normalized package holds no rows. Remove its group's directory and extract again.`,
    {
      code: 'PACKAGE',
      context: { file: name },
    },
  )
}
