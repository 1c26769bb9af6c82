import type { Schema } from '@dlt/schema'
import { sql } from 'kysely'
import type { LoadDecision, LoadOutcome, LoadRequest } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import type { TableWrites } from './dispositions/table-writes.ts'
import { writeTables } from './dispositions/write-tables.ts'
import type { DltTables } from './dlt-tables.ts'
import { type ColumnsByTable, requireExactIntegers, requireExactReplaced } from './exact-integers.ts'
import { isPackageLoaded } from './finished-load.ts'
import type { JobSession } from './sql-client-options.ts'
import type { SqlSession } from './sql-connection.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** What the load of a package works on. */
export interface PackageLoad<Session extends SqlSession> extends Omit<TableWrites<Session>, 'session'> {
  /** Columns of integers that hold doubles at the destination. */
  readonly doubles: ColumnsByTable
}

const insertLoad = (dataset: string, { loads }: DltTables, loadId: string, schema: Schema): SqlFragment => sql`
  INSERT INTO ${qualifiedName(dataset, loads.table)} (${sql.id(loads.loadId)}, ${sql.id(loads.schemaName)},
    ${sql.id(loads.status)}, ${sql.id(loads.insertedAt)}, ${sql.id(loads.schemaVersionHash)})
  VALUES (${loadId}, ${schema.name}, 0, CURRENT_TIMESTAMP, ${schema.version_hash})`

/** What became of a package all of whose files are loaded. */
export const loadedOutcome = ({ jobs }: LoadRequest): LoadOutcome => ({
  status: 'loaded',
  jobs: jobs.map(({ jobId, rowCount }) => ({ jobId, rowCount })),
})

/** Loads a package inside a transaction that the caller has begun and commits: rows written as their tables want it, `_dlt_loads` row. */
export const loadPackage = async <Session extends SqlSession>(
  load: PackageLoad<Session>,
  session: JobSession<Session>,
): Promise<LoadOutcome> => {
  const { dataset, tables, loader, request } = load
  const { loadId, schema } = request
  await loader.lockLoad?.(loadId, session)
  if (await isPackageLoaded(session, dataset, tables, { loadId, schemaName: schema.name }))
    return { status: 'already-loaded', jobs: [] }
  const writes = { ...load, session }
  await requireExactIntegers(writes, load.doubles)
  const write = (): Promise<readonly LoadDecision[]> => writeTables(writes)
  const decisions = await (loader.writeRows?.(request, session, write) ?? write())
  await requireExactReplaced(writes, load.doubles)
  await session.execute(insertLoad(dataset, tables, loadId, schema))
  return { ...loadedOutcome(request), ...(decisions.length > 0 && { decisions }) }
}
