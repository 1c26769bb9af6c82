import { rootTableOf, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import type { LoadDecision, LoadJob } from '../../destination.ts'
import { qualifiedName } from '../data-definition.ts'
import { runJob } from '../load-jobs.ts'
import type { SqlSession } from '../sql-connection.ts'
import { sqlKeywords } from '../sql-fragment.ts'
import { mergeTables } from './merge-tables.ts'
import { StagingArea } from './staging-area.ts'
import { stagingPrefix } from './staging-names.ts'
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

const writeRoot = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  group: RootJobs,
): Promise<readonly LoadDecision[]> => {
  if (group.root.write_disposition !== 'merge') {
    for (const job of group.jobs) {
      const table = writes.request.schema.tables.get(job.tableName)
      await runJob(writes, job, targetName(writes, table ?? unknownTable(job.tableName)))
    }
    return []
  }
  const { pipelineName, dialect, capabilities, request, session } = writes
  const prefix = stagingPrefix(pipelineName, request.loadId, capabilities.identifiers.maxLength)
  const area = new StagingArea({ dialect, prefix }, session)
  const decision = await mergeTables(writes, area, group)
  await area.drop()
  return [decision]
}

/**
 * Writes the rows of a package as their tables want it: first tables are emptied, then each root table gets its files, with those nested in it.
 * Returns what was chosen where there was a choice.
 */
export const writeTables = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
): Promise<readonly LoadDecision[]> => {
  const { request, dialect, dataset, session } = writes
  for (const table of request.truncateTables)
    await session.execute(sql`${sqlKeywords(dialect.emptyTable)} ${qualifiedName(dataset, table)}`)
  const decisions: LoadDecision[] = []
  for (const group of jobsByRoot(writes)) decisions.push(...(await writeRoot(writes, group)))
  return decisions
}
