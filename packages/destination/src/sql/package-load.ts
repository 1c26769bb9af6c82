import { DltError, type Schema } from '@dlt/schema'
import { sql } from 'kysely'
import type { LoadJob, LoadOutcome, LoadRequest } from '../destination.ts'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import { isPackageLoaded } from './finished-load.ts'
import type { JobSession, JobTarget, SqlLoader } from './sql-client-options.ts'
import type { SqlSession } from './sql-connection.ts'
import type { SqlDialect } from './sql-dialect.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'

/** What the load of a package works on. */
export interface PackageLoad<Session extends SqlSession> {
  readonly dialect: SqlDialect
  readonly dataset: string
  readonly tables: DltTables
  readonly loader: SqlLoader<Session>
  readonly request: LoadRequest
}

const insertLoad = (dataset: string, { loads }: DltTables, loadId: string, schema: Schema): SqlFragment => sql`
  INSERT INTO ${qualifiedName(dataset, loads.table)} (${sql.id(loads.loadId)}, ${sql.id(loads.schemaName)},
    ${sql.id(loads.status)}, ${sql.id(loads.insertedAt)}, ${sql.id(loads.schemaVersionHash)})
  VALUES (${loadId}, ${schema.name}, 0, CURRENT_TIMESTAMP, ${schema.version_hash})`

const unknownEntity = (job: LoadJob, what: string, loadId: string): DltError =>
  new DltError(
    `The file "${job.jobId}" of load package "${loadId}" has ${what} that the schema of the package lacks. The package is damaged.`,
    {
      code: 'PACKAGE',
      context: { loadId, table: job.tableName, file: job.jobId },
    },
  )

const targetOf = (job: LoadJob, dataset: string, { schema, loadId }: LoadRequest): JobTarget => {
  const table = schema.tables.get(job.tableName)
  if (table === undefined) throw unknownEntity(job, `rows of a table "${job.tableName}"`, loadId)
  const columns = job.columns.map((name) => {
    const column = table.columns.get(name)
    if (column === undefined) throw unknownEntity(job, `a column "${name}"`, loadId)
    return column
  })
  return { table, name: qualifiedName(dataset, table.name), columns }
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

/** Loads a package inside a transaction that the caller has begun and commits: tables emptied, files loaded and counted, `_dlt_loads` row. */
export const loadPackage = async <Session extends SqlSession>(
  load: PackageLoad<Session>,
  session: JobSession<Session>,
): Promise<LoadOutcome> => {
  const { dialect, dataset, tables, loader, request } = load
  const { loadId, schema } = request
  await loader.lockLoad?.(loadId, session)
  if (await isPackageLoaded(session, dataset, tables, { loadId, schemaName: schema.name }))
    return { status: 'already-loaded', jobs: [] }
  for (const table of request.truncateTables)
    await session.execute(sql`${sqlKeywords(dialect.emptyTable)} ${qualifiedName(dataset, table)}`)
  const jobs: { readonly jobId: string; readonly rowCount: number }[] = []
  for (const job of request.jobs) {
    const target = targetOf(job, dataset, request)
    const loaded = await loader.loadJob(job, target, session).catch((error: unknown) => {
      throw jobFailed(job, loadId, error)
    })
    compareRowCount(job, loaded, loadId)
    jobs.push({ jobId: job.jobId, rowCount: loaded })
  }
  await session.execute(insertLoad(dataset, tables, loadId, schema))
  return { status: 'loaded', jobs }
}
