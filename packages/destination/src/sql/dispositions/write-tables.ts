import { childTables, rootTableOf, type TableSchema } from '@dlt/schema'
import type { LoadDecision, LoadJob } from '../../destination.ts'
import { DestinationError } from '../../destination-error.ts'
import { qualifiedName } from '../data-definition.ts'
import { runJobs } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import { changedTables } from './changed-tables.ts'
import { prepareMerge } from './merge-tables.ts'
import { emptyTable, prepareReplace, type StagedReplace } from './replace-tables.ts'
import { StagingArea } from './staging-area.ts'
import { type RootJobs, stagingPrefixOf, type TableWrites, targetName } from './table-writes.ts'

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
  for (const name of new Set(jobs.map(({ tableName }) => tableName))) {
    const table = writes.request.schema.tables.get(name) ?? unknownTable(name)
    const ofTable = jobs.filter(({ tableName }) => tableName === name)
    await runJobs(writes, ofTable, { name: targetName(writes, table), insertionOrder: 'any' })
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

/** Errors of statements on several tables say which one it was about; those of a file say it themselves. The kind stays. */
const naming = async <Result>(
  context: { readonly table: string; readonly loadId: string },
  done: 'merged' | 'replaced',
  write: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await write()
  } catch (error) {
    if (!DestinationError.is(error) || error.context['table'] !== undefined) throw error
    const { column } = error.context
    // A value that a constraint refuses has the right type.
    const isOfType = error.kind === 'terminal' && !/constraint/i.test(error.message)
    const hint =
      isOfType && column !== undefined
        ? ` If somebody changed the type of column "${column}", change it back, or load into another dataset.`
        : ''
    throw new DestinationError(
      `Table "${context.table}" could not be ${done} with load package "${context.loadId}": ${error.message}${hint}`,
      { kind: error.kind, conflict: error.conflict, context: { ...error.context, ...context }, cause: error },
    )
  }
}

/** Writes rows that wait beside their tables, under the locks of the load. Says what was chosen where there was a choice. */
type Write = () => Promise<LoadDecision | undefined>

/** Brings the files of a root table as near to their places as can be without a lock. */
const prepareRoot = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  area: StagingArea,
  group: RootJobs,
): Promise<Write> => {
  const replace = stagedReplaceOf(writes, group.root)
  const context = { table: group.root.name, loadId: writes.request.loadId }
  if (group.root.write_disposition === 'merge') {
    const merge = await naming(context, 'merged', () => prepareMerge(writes, area, group))
    return () => naming(context, 'merged', merge)
  }
  if (replace !== undefined) {
    const put = await naming(context, 'replaced', () => prepareReplace(writes, { area, strategy: replace, group }))
    return () => naming(context, 'replaced', put)
  }
  return async () => {
    await appendRows(writes, group)
    return undefined
  }
}

/**
 * Writes the rows of a package as their tables want it. Files that are merged or take the place of others are copied first, beside their
 * tables; then those are locked, so that others who write into them wait for statements only, and not for the files. Then tables are emptied,
 * and each root table gets its rows, with those nested in it. Returns what was chosen where there was a choice.
 */
export const writeTables = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
): Promise<readonly LoadDecision[]> => {
  const { dialect, dataset, session, request } = writes
  const groups = jobsByRoot(writes)
  const area = new StagingArea({ dialect, prefix: stagingPrefixOf(writes) }, session)
  const prepared: Write[] = []
  for (const group of groups) prepared.push(await prepareRoot(writes, area, group))
  if (dialect.lockTable !== undefined)
    for (const table of changedTables(request)) await session.execute(dialect.lockTable(qualifiedName(dataset, table)))
  for (const table of tablesToEmpty(writes, groups))
    await session.execute(emptyTable(dialect, qualifiedName(dataset, table)))
  const decisions: LoadDecision[] = []
  for (const write of prepared) {
    const decision = await write()
    if (decision !== undefined) decisions.push(decision)
  }
  await area.drop()
  return decisions
}
