import type { ReplaceStrategy } from '@dlt/schema'
import { sql } from 'kysely'
import type { LoadDecision, LoadJob } from '../../destination.ts'
import { createTableStatement, qualifiedName } from '../data-definition.ts'
import { runJobs } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import { type SqlFragment, sqlKeywords } from '../sql-fragment.ts'
import type { StagedTable } from './merge.ts'
import { insertStaged } from './staged-rows.ts'
import type { StagingArea } from './staging-area.ts'
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

/** What brings the new rows, once the tables are locked. */
type Put = () => Promise<void>

/** What rows are replaced with. */
interface Replacement {
  /** Where rows wait that are inserted afterwards. */
  readonly area: StagingArea
  readonly strategy: StagedReplace
  readonly group: RootJobs
}

/** All files are loaded into staging tables before the first table is emptied: tables are locked for a short time only. */
const insertFromStaging = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  { area, group }: Replacement,
): Promise<Put> => {
  const tables = tablesOf(writes, group)
  const staged = new Map<string, StagedTable>()
  for (const one of tables)
    if (jobsOf(group, one).length > 0) staged.set(one.table.name, await stageTable(writes, area, one, group.jobs))
  return async () => {
    for (const { table } of tables) {
      const rows = staged.get(table.name)
      await writes.session.execute(emptyTable(writes.dialect, targetName(writes, table)))
      if (rows !== undefined) await insertStaged({ executor: writes.session }, rows)
    }
  }
}

/** A new table with the rows, which takes the place of the old one. */
const makeTable = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  { table, columns }: ChainTable,
  jobs: readonly LoadJob[],
  freshName: string,
): Promise<Put> => {
  const { dialect, dataset, session } = writes
  const fresh = { ...table, name: freshName }
  const name = qualifiedName(dataset, freshName)
  await session.execute(createTableStatement(dialect, { dataset, table: fresh, columns, mayExist: false }))
  await runJobs(writes, jobs, { name, insertionOrder: 'any' })
  return async () => {
    await session.execute(sql`DROP TABLE ${targetName(writes, table)}`)
    await session.execute(sql`ALTER TABLE ${name} RENAME TO ${sql.id(table.name)}`)
  }
}

const swapTables = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  { group }: Replacement,
): Promise<Put> => {
  const swaps: Put[] = []
  for (const [index, one] of tablesOf(writes, group).entries()) {
    const jobs = jobsOf(group, one)
    const empty: Put = async () => {
      await writes.session.execute(emptyTable(writes.dialect, targetName(writes, one.table)))
    }
    const name = `${stagingPrefixOf(writes, group.root.name)}_${index}`
    swaps.push(jobs.length === 0 ? empty : await makeTable(writes, one, jobs, name))
  }
  return async () => {
    for (const swap of swaps) await swap()
  }
}

const strategies = {
  'insert-from-staging': {
    prepare: insertFromStaging,
    how: 'all new rows are in staging tables before the first one is emptied',
  },
  'staging-optimized': { prepare: swapTables, how: 'new tables take their places' },
} as const

/**
 * Loads the files of a root table and of those nested in it beside the tables that they replace.
 * @returns what replaces the rows; what was there is visible until the transaction of the load ends
 */
export const prepareReplace = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  replacement: Replacement,
): Promise<() => Promise<LoadDecision>> => {
  const { prepare, how } = strategies[replacement.strategy]
  const put = await prepare(writes, replacement)
  const { name } = replacement.group.root
  const sentence = `Table "${name}" and those nested in it are replaced by ${replacement.strategy}: ${how}.`
  return async () => {
    await put()
    return { tableName: name, sentence }
  }
}
