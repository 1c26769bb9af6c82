import { DltError } from '@dlt/schema'
import type { LoadJob, LoadRequest } from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import type { JobSession, JobTarget, SqlLoader } from './sql-client-options.ts'
import type { SqlSession } from './sql-connection.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** What files are loaded with. */
export interface JobRunner<Session extends SqlSession> {
  readonly loader: SqlLoader<Session>
  readonly request: LoadRequest
  readonly session: JobSession<Session>
}

const unknownEntity = (job: LoadJob, what: string, loadId: string): DltError =>
  new DltError(
    `The file "${job.jobId}" of load package "${loadId}" has ${what} that the schema of the package lacks. The package is damaged.`,
    {
      code: 'PACKAGE',
      context: { loadId, table: job.tableName, file: job.jobId },
    },
  )

const targetOf = (job: LoadJob, name: SqlFragment, { schema, loadId }: LoadRequest): JobTarget => {
  const table = schema.tables.get(job.tableName)
  if (table === undefined) throw unknownEntity(job, `rows of a table "${job.tableName}"`, loadId)
  const columns = job.columns.map((columnName) => {
    const column = table.columns.get(columnName)
    if (column === undefined) throw unknownEntity(job, `a column "${columnName}"`, loadId)
    return column
  })
  return { table, name, columns }
}

/** Says which file failed; the kind stays. */
const jobFailed = (job: LoadJob, loadId: string, error: unknown): unknown =>
  DestinationError.is(error)
    ? new DestinationError(
        `The file "${job.jobId}" could not be loaded into table "${job.tableName}": ${error.message}`,
        {
          kind: error.kind,
          conflict: error.conflict,
          context: { ...error.context, loadId, table: job.tableName, file: job.jobId },
          cause: error,
        },
      )
    : error

const compareRowCount = (job: LoadJob, loaded: number, loadId: string): void => {
  if (loaded === job.rowCount) return
  throw new DestinationError(
    `The file "${job.jobId}" has ${job.rowCount} rows, but ${loaded} arrived in table "${job.tableName}". Nothing of load package "${loadId}" was loaded.`,
    {
      kind: 'terminal',
      context: { loadId, table: job.tableName, file: job.jobId, expectedRows: job.rowCount, loadedRows: loaded },
    },
  )
}

/**
 * Loads a file into a table and counts its rows.
 *
 * @param name qualified name of the table: the one at the destination, or the one in which its rows wait
 * @throws DestinationError that names the file; DltError `PACKAGE` where the file does not fit the schema
 */
export const runJob = async <Session extends SqlSession>(
  { loader, request, session }: JobRunner<Session>,
  job: LoadJob,
  name: SqlFragment,
): Promise<void> => {
  const target = targetOf(job, name, request)
  const loaded = await loader.loadJob(job, target, session).catch((error: unknown) => {
    throw jobFailed(job, request.loadId, error)
  })
  compareRowCount(job, loaded, request.loadId)
}
