import { childTables, rootTableOf, type TableSchema } from '@dlt/schema'
import type { LoadDecision, LoadJob } from '../../destination.ts'
import { qualifiedName } from '../data-definition.ts'
import { runJob } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import { changedTables } from './changed-tables.ts'
import { mergeTables } from './merge-tables.ts'
import { emptyTable, replaceTables, type StagedReplace } from './replace-tables.ts'
import { type RootJobs, type TableWrites, targetName } from './table-writes.ts'

/** The file of a table that the schema lacks is refused when it is loaded. */
const unknownTable = (name: string): TableSchema => ({ name, columns: new Map() })

/** Files by root table, in the order of names: loads that are in each other's way meet in one order. */
const jobsByRoot = <Session extends SqlSession>({ request }: TableWrites<Session>): readonly RootJobs[] => {
  const { schema } = request
  const groups = new Map<string, { readonly root: TableSchema; readonly jobs: LoadJob[] }>()
  for (const job of request.jobs) {
    const root = schema.tables.has(job.tableName) ? rootTableOf(schema, job.tableName) : unknownTable(job.tableName)
    const group = groups.get(root.name) ?? { root, jobs: [] }
    group.jobs.push(job)
    groups.set(root.name, group)
  }
  return [...groups.values()].sort((left, right) => (left.root.name < right.root.name ? -1 : 1))
}

const appendRows = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  { jobs }: RootJobs,
): Promise<void> => {
  for (const job of jobs) {
    const table = writes.request.schema.tables.get(job.tableName)
    await runJob(writes, job, targetName(writes, table ?? unknownTable(job.tableName)))
  }
}

/** How a root table gets its rows beside the ones that it has; nothing where they are simply added. */
const stagedReplaceOf = <Session extends SqlSession>(
  { replaceStrategy, request }: TableWrites<Session>,
  { name, write_disposition: disposition }: TableSchema,
): StagedReplace | undefined =>
  disposition === 'replace' && replaceStrategy !== 'truncate-and-insert' && request.truncateTables.includes(name)
    ? replaceStrategy
    : undefined

/** Tables to empty first: all that are listed, but those that are replaced in another way. */
const tablesToEmpty = <Session extends SqlSession>(
  writes: TableWrites<Session>,
  groups: readonly RootJobs[],
): readonly string[] => {
  const { schema, truncateTables } = writes.request
  const replaced = groups.filter(({ root }) => stagedReplaceOf(writes, root) !== undefined)
  const left = new Set(replaced.flatMap(({ root }) => childTables(schema, root.name).map(({ name }) => name)))
  return truncateTables.filter((name) => !left.has(name))
}

const writeRoot = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  group: RootJobs,
): Promise<LoadDecision | undefined> => {
  const replace = stagedReplaceOf(writes, group.root)
  if (group.root.write_disposition === 'merge') return mergeTables(writes, group)
  if (replace !== undefined) return replaceTables(writes, replace, group)
  await appendRows(writes, group)
  return undefined
}

/**
 * Writes the rows of a package as their tables want it: first tables are emptied, then each root table gets its files, with those nested in it.
 * Returns what was chosen where there was a choice.
 */
export const writeTables = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
): Promise<readonly LoadDecision[]> => {
  const { dialect, dataset, session, request } = writes
  const groups = jobsByRoot(writes)
  if (dialect.lockTable !== undefined)
    for (const table of changedTables(request)) await session.execute(dialect.lockTable(qualifiedName(dataset, table)))
  for (const table of tablesToEmpty(writes, groups))
    await session.execute(emptyTable(dialect, qualifiedName(dataset, table)))
  const decisions: LoadDecision[] = []
  for (const group of groups) {
    const decision = await writeRoot(writes, group)
    if (decision !== undefined) decisions.push(decision)
  }
  return decisions
}
