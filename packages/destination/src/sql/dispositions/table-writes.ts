import type { ReplaceStrategy, TableSchema } from '@dlt/schema'
import type { DestinationCapabilities } from '../../capabilities.ts'
import type { LoadJob } from '../../destination.ts'
import { qualifiedName } from '../data-definition.ts'
import type { DltTables } from '../dlt-tables.ts'
import { type JobRunner, runJobs } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import type { SqlFragment } from '../sql-fragment.ts'
import type { StagedTable } from './merge.ts'
import type { StagingArea } from './staging-area.ts'
import { stagingPrefix } from './staging-names.ts'
import type { ChainTable } from './table-chain.ts'

/** What the rows of a package are written with. */
export interface TableWrites<Session extends SqlSession> extends JobRunner<Session> {
  readonly dialect: SqlDialect
  readonly capabilities: DestinationCapabilities
  readonly dataset: string
  readonly tables: DltTables
  readonly pipelineName: string
  /** How tables are replaced. */
  readonly replaceStrategy: ReplaceStrategy
}

/** The files of a root table and of those nested in it. */
export interface RootJobs {
  readonly root: TableSchema
  readonly jobs: readonly LoadJob[]
}

/** Qualified name of a table at the destination. */
export const targetName = (writes: { readonly dataset: string }, table: TableSchema): SqlFragment =>
  qualifiedName(writes.dataset, table.name)

/** What the names of the load's own tables begin with; of those that stand for one table, where it is given. */
export const stagingPrefixOf = <Session extends SqlSession>(
  { pipelineName, request, capabilities }: TableWrites<Session>,
  table?: string,
): string => stagingPrefix(pipelineName, request.loadId, capabilities.identifiers.maxLength, table)

/** Makes a staging table for a table and loads its files into it. */
export const stageTable = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  area: StagingArea,
  chainTable: ChainTable,
  jobs: readonly LoadJob[],
): Promise<StagedTable> => {
  const { table } = chainTable
  const staged = await area.create(chainTable)
  await runJobs(
    writes,
    jobs.filter(({ tableName }) => tableName === table.name),
    { name: staged, insertionOrder: 'kept' },
  )
  return { ...chainTable, target: targetName(writes, table), staged }
}
