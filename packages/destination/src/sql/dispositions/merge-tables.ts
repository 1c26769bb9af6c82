import type { MergeStrategy, TableSchema } from '@dlt/schema'
import type { DestinationCapabilities } from '../../capabilities.ts'
import type { LoadDecision } from '../../destination.ts'
import { DestinationError } from '../../destination-error.ts'
import { columnsQuery, existingColumns } from '../existing-columns.ts'
import type { SqlSession } from '../sql-connection.ts'
import { deleteInsert } from './delete-insert.ts'
import { insertOnly } from './insert-only.ts'
import type { MergeTable, MergeWriter } from './merge.ts'
import { mergeHintsOf } from './merge-hints.ts'
import { fillRootKeys } from './root-keys.ts'
import { scd2 } from './scd2.ts'
import type { StagingArea } from './staging-area.ts'
import { type TableChain, tableChain } from './table-chain.ts'
import { type RootJobs, stageTable, type TableWrites, targetName } from './table-writes.ts'
import { cdc, upsert } from './upsert.ts'

const writers: { readonly [strategy in MergeStrategy]: MergeWriter } = {
  'delete-insert': deleteInsert,
  'insert-only': insertOnly,
  upsert,
  cdc,
  scd2,
}

/** How a table is merged: as it says itself, otherwise in the destination's first way. */
const strategyOf = (
  table: TableSchema,
  { dispositions }: DestinationCapabilities,
): { readonly strategy: MergeStrategy; readonly write: MergeWriter } => {
  const strategies = dispositions.mergeStrategies ?? []
  const wanted = table['x-merge-strategy'] ?? strategies[0]
  const strategy = strategies.find((known) => known === wanted)
  if (strategy !== undefined) return { strategy, write: writers[strategy] }
  const remedy = strategies.length === 0 ? 'Use another write disposition.' : `Choose one of: ${strategies.join(', ')}.`
  throw new DestinationError(
    `Table "${table.name}" is to be merged by "${String(wanted ?? 'delete-insert')}", which the destination cannot do. ${remedy}`,
    { kind: 'terminal', context: { table: table.name } },
  )
}

/** Tables of a chain that somebody gave further columns: another schema, or by hand. */
const foreignColumns = async <Session extends SqlSession>(
  { capabilities, dialect, dataset, session }: TableWrites<Session>,
  { root, nested }: TableChain,
): Promise<ReadonlySet<string>> => {
  const { caseSensitive } = capabilities.identifiers
  const tables = [root, ...nested].map(({ table: { name }, columns }) => ({ name, columns }))
  const query = columnsQuery(
    { dialect, dataset, caseSensitive },
    tables.map(({ name }) => name),
  )
  const existing = existingColumns(await session.query(query), caseSensitive)
  const foreign = tables.filter((table) => existing.columnCount(table.name) > table.columns.length)
  return new Set(foreign.map(({ name }) => name))
}

/**
 * Loads the files of a root table and of those nested in it into staging tables.
 * @returns what merges them as the root table says; it reads and changes the tables themselves
 */
export const prepareMerge = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  area: StagingArea,
  { root: table, jobs }: RootJobs,
): Promise<() => Promise<LoadDecision>> => {
  const { request, dialect, session, capabilities } = writes
  const { strategy, write } = strategyOf(table, capabilities)
  const hints = mergeHintsOf(table, strategy)
  const filled = new Set(jobs.map(({ tableName }) => tableName))
  const chain = tableChain(request.schema, table, filled)
  const root = await stageTable(writes, area, chain.root, jobs)
  const nested: MergeTable[] = []
  for (const one of chain.nested) {
    const isFilled = filled.has(one.table.name)
    nested.push(
      isFilled ? await stageTable(writes, area, one, jobs) : { ...one, target: targetName(writes, one.table) },
    )
  }
  return async () => {
    for (const statement of fillRootKeys(root, nested)) await session.execute(statement)
    const chosen = await write({
      root,
      nested,
      hints,
      dialect,
      staging: area,
      executor: session,
      loadId: request.loadId,
      loadIdColumn: writes.tables.state.loadId,
      foreignColumns: () => foreignColumns(writes, chain),
    })
    return { tableName: table.name, sentence: `Table "${table.name}" is merged by ${strategy}: ${chosen}.` }
  }
}
