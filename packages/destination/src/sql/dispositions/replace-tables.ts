import type { ReplaceStrategy } from '@dlt/schema'
import { sql } from 'kysely'
import type { LoadDecision, LoadJob } from '../../destination.ts'
import { createTableStatement, qualifiedName } from '../data-definition.ts'
import { runJob } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import { type SqlFragment, sqlKeywords } from '../sql-fragment.ts'
import { columnList } from './row-conditions.ts'
import { StagingArea } from './staging-area.ts'
import { type ChainTable, tableChain } from './table-chain.ts'
import { type RootJobs, stageTable, stagingPrefixOf, type TableWrites, targetName } from './table-writes.ts'

/** The ways that load rows beside the tables which they replace. */
export type StagedReplace = Exclude<ReplaceStrategy, 'truncate-and-insert'>

/** Empties a table inside the transaction. */
export const emptyTable = (dialect: SqlDialect, name: SqlFragment): SqlFragment =>
  sql`${sqlKeywords(dialect.emptyTable)} ${name}`

/** The tables of a root that exist. Those without files are emptied. */
const tablesOf = <Session extends SqlSession>(
  { request }: TableWrites<Session>,
  { root, jobs }: RootJobs,
): readonly ChainTable[] => {
  const chain = tableChain(request.schema, root, new Set(jobs.map(({ tableName }) => tableName)))
  return [chain.root, ...chain.nested]
}

const jobsOf = ({ jobs }: RootJobs, { table }: ChainTable): readonly LoadJob[] =>
  jobs.filter(({ tableName }) => tableName === table.name)

/** All files are loaded into staging tables before the first table is emptied: tables are locked for a short time only. */
const insertFromStaging = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  group: RootJobs,
): Promise<void> => {
  const { dialect, session } = writes
  const area = new StagingArea({ dialect, prefix: stagingPrefixOf(writes) }, session)
  const tables = tablesOf(writes, group)
  const staged = new Map<string, SqlFragment>()
  for (const one of tables)
    if (jobsOf(group, one).length > 0)
      staged.set(one.table.name, (await stageTable(writes, area, one, group.jobs)).staged)
  for (const { table, columns } of tables) {
    const target = targetName(writes, table)
    const names = columnList(columns)
    const rows = staged.get(table.name)
    await session.execute(emptyTable(dialect, target))
    if (rows !== undefined) await session.execute(sql`INSERT INTO ${target} (${names}) SELECT ${names} FROM ${rows}`)
  }
  await area.drop()
}

/** A new table with the rows takes the place of the old one, which is dropped. */
const swapTable = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  { table, columns }: ChainTable,
  jobs: readonly LoadJob[],
  freshName: string,
): Promise<void> => {
  const { dialect, dataset, session } = writes
  const fresh = { ...table, name: freshName }
  const name = qualifiedName(dataset, freshName)
  await session.execute(createTableStatement(dialect, { dataset, table: fresh, columns, mayExist: false }))
  for (const job of jobs) await runJob(writes, job, name)
  await session.execute(sql`DROP TABLE ${targetName(writes, table)}`)
  await session.execute(sql`ALTER TABLE ${name} RENAME TO ${sql.id(table.name)}`)
}

const swapTables = async <Session extends SqlSession>(writes: TableWrites<Session>, group: RootJobs): Promise<void> => {
  for (const [index, one] of tablesOf(writes, group).entries()) {
    const jobs = jobsOf(group, one)
    if (jobs.length === 0) await writes.session.execute(emptyTable(writes.dialect, targetName(writes, one.table)))
    else await swapTable(writes, one, jobs, `${stagingPrefixOf(writes, group.root.name)}_${index}`)
  }
}

const strategies = {
  'insert-from-staging': {
    write: insertFromStaging,
    how: 'all new rows are in staging tables before the first one is emptied',
  },
  'staging-optimized': { write: swapTables, how: 'new tables take their places' },
} as const

/** Replaces the rows of a root table and of all tables nested in it. What was there is visible until the transaction of the load ends. */
export const replaceTables = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  strategy: StagedReplace,
  group: RootJobs,
): Promise<LoadDecision> => {
  const { write, how } = strategies[strategy]
  await write(writes, group)
  const { name } = group.root
  const sentence = `Table "${name}" and those nested in it are replaced by ${strategy}: ${how}.`
  return { tableName: name, sentence }
}
