import { DltError, type ErrorContext } from '@dlt/schema'
import type { LoadJob, LoadRequest } from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import type { JobSession, JobTarget, SqlLoader } from './sql-client-options.ts'
import type { SqlSession } from './sql-connection.ts'

/** What files are loaded with. */
export interface JobRunner<Session extends SqlSession> {
  readonly loader: SqlLoader<Session>
  readonly request: LoadRequest
  readonly session: JobSession<Session>
}

/** Where the rows of files go. */
export type JobPlace = Pick<JobTarget, 'name' | 'insertionOrder'>

const unknownEntity = (job: LoadJob, what: string, loadId: string): DltError =>
  new DltError(
    `The file "${job.jobId}" of load package "${loadId}" has ${what} that the schema of the package lacks. The package is damaged.`,
    {
      code: 'PACKAGE',
      context: { loadId, table: job.tableName, file: job.jobId },
    },
  )

const targetOf = (job: LoadJob, place: JobPlace, { schema, loadId }: LoadRequest): JobTarget => {
  const table = schema.tables.get(job.tableName)
  if (table === undefined) throw unknownEntity(job, `rows of a table "${job.tableName}"`, loadId)
  const columns = job.columns.map((columnName) => {
    const column = table.columns.get(columnName)
    if (column === undefined) throw unknownEntity(job, `a column "${columnName}"`, loadId)
    return column
  })
  return { ...place, table, columns }
}

/** Files of one table that are loaded at once. */
type Jobs = readonly [LoadJob, ...LoadJob[]]

const placeOf = (jobs: Jobs, loadId: string): ErrorContext => ({
  loadId,
  table: jobs[0].tableName,
  ...(jobs.length === 1 && { file: jobs[0].jobId }),
})

/** How many files an error names: a large load has thousands. */
const mostNamed = 10

const quoted = (jobs: Jobs): string => {
  const named = jobs.slice(0, mostNamed).map(({ jobId }) => `"${jobId}"`)
  const others = jobs.length - named.length
  return `${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}

/** Says which file failed, or which ones it was among; the kind stays. */
const jobsFailed = (jobs: Jobs, loadId: string, error: unknown): unknown => {
  if (!DestinationError.is(error)) return error
  const file = jobs.length === 1 ? `The file ${quoted(jobs)}` : `One of the files ${quoted(jobs)}`
  return new DestinationError(`${file} could not be loaded into table "${jobs[0].tableName}": ${error.message}`, {
    kind: error.kind,
    conflict: error.conflict,
    context: { ...error.context, ...placeOf(jobs, loadId) },
    cause: error,
  })
}

const compareRowCount = (jobs: Jobs, loadedRows: number, loadId: string): void => {
  const expectedRows = jobs.reduce((sum, { rowCount }) => sum + rowCount, 0)
  if (loadedRows === expectedRows) return
  const files = jobs.length === 1 ? `The file ${quoted(jobs)} has` : `The files ${quoted(jobs)} have`
  throw new DestinationError(
    `${files} ${expectedRows} rows, but ${loadedRows} arrived in table "${jobs[0].tableName}". Nothing of load package "${loadId}" was loaded.`,
    { kind: 'terminal', context: { ...placeOf(jobs, loadId), expectedRows, loadedRows } },
  )
}

/** Whether the rows of files arrived, all of them; false where nothing was loaded, since the files are not to be loaded at once. */
const arrived = async (loading: Promise<number | undefined>, jobs: Jobs, { loadId }: LoadRequest): Promise<boolean> => {
  const loaded = await loading.catch((error: unknown) => {
    throw jobsFailed(jobs, loadId, error)
  })
  if (loaded === undefined) return false
  compareRowCount(jobs, loaded, loadId)
  return true
}

/** What files have in common that can be loaded at once: their format and the names of their columns. */
const likeness = ({ format, columns }: LoadJob): string => JSON.stringify([format, ...columns.toSorted()])

const groupAlike = (jobs: readonly LoadJob[]): readonly Jobs[] => {
  const groups = new Map<string, [LoadJob, ...LoadJob[]]>()
  for (const job of jobs) {
    const key = likeness(job)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [job])
    else group.push(job)
  }
  return [...groups.values()]
}

/**
 * Loads files into a table and counts their rows.
 *
 * @param jobs files of one table
 * @param place the table at the destination, or the one in which its rows wait
 * @throws DestinationError that names the file; DltError `PACKAGE` where a file does not fit the schema
 */
export const runJobs = async <Session extends SqlSession>(
  { loader, request, session }: JobRunner<Session>,
  jobs: readonly LoadJob[],
  place: JobPlace,
): Promise<void> => {
  for (const group of groupAlike(jobs)) {
    const target = (job: LoadJob): JobTarget => targetOf(job, place, request)
    const isLoaded =
      group.length > 1 &&
      loader.loadTogether !== undefined &&
      (await arrived(loader.loadTogether(group, target(group[0]), session), group, request))
    if (!isLoaded) for (const job of group) await arrived(loader.loadJob(job, target(job), session), [job], request)
  }
}
