import { isCompleteColumn, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { columnKind } from './column-kind.ts'
import { StagingArea } from './dispositions/staging-area.ts'
import { stageTable, stagingPrefixOf, type TableWrites, targetName } from './dispositions/table-writes.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlSession } from './sql-connection.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** Names of columns by the names of their tables. */
export type ColumnsByTable = ReadonlyMap<string, readonly string[]>

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2n ** 53n

/** Columns of integers that hold doubles at the destination, because another pipeline has had fractions: most integers are the same there. */
export const integersAmongDoubles = (
  dialect: Pick<SqlDialect, 'integerTypes' | 'typeKinds'>,
  tables: readonly TableSchema[],
  existing: ExistingColumns,
): ColumnsByTable =>
  new Map(
    tables.flatMap((table) => {
      const columns = [...table.columns.values()].filter(isCompleteColumn).filter(({ data_type: type, name }) => {
        const found = type === 'bigint' ? existing.columnType(table.name, name) : undefined
        return found !== undefined && columnKind(dialect, found).kind === 'double'
      })
      return columns.length === 0 ? [] : [[table.name, columns.map(({ name }) => name)] as const]
    }),
  )

/**
 * Looks into the files of tables that have such columns, before anything is written. Their rows wait in a table of their own for that, so such
 * files are read twice; others are not looked at. Tables that are emptied first are for {@link requireExactReplaced}.
 *
 * @throws DestinationError terminal where an integer would lose digits
 */
export const requireExactIntegers = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  doubles: ColumnsByTable,
): Promise<void> => {
  const { schema, jobs, truncateTables } = writes.request
  const area = new StagingArea({ dialect: writes.dialect, prefix: stagingPrefixOf(writes) }, writes.session)
  for (const [tableName, names] of doubles) {
    const table = schema.tables.get(tableName)
    if (table === undefined || truncateTables.includes(tableName)) continue
    if (!jobs.some((job) => job.tableName === tableName)) continue
    const columns = [...table.columns.values()].filter(isCompleteColumn)
    const { staged } = await stageTable(writes, area, { table, columns }, jobs)
    await refuseBeyond(writes, { table, name: staged, columns: names, limit: exactUpTo + 1n })
  }
  await area.drop()
}

/**
 * Looks into tables that were emptied and filled: all their rows are new. What was rounded already is at the limit.
 *
 * @throws DestinationError terminal where an integer may have lost digits; nothing is committed then
 */
export const requireExactReplaced = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  doubles: ColumnsByTable,
): Promise<void> => {
  const { schema, truncateTables } = writes.request
  // Such tables are made anew, with the types of the schema.
  if (writes.replaceStrategy === 'staging-optimized') return
  for (const [tableName, columns] of doubles) {
    const table = schema.tables.get(tableName)
    if (table === undefined || !truncateTables.includes(tableName)) continue
    await refuseBeyond(writes, { table, name: targetName(writes, table), columns, limit: exactUpTo })
  }
}

interface Search {
  readonly table: TableSchema
  readonly name: SqlFragment
  readonly columns: readonly string[]
  /** From which magnitude on integers are refused. */
  readonly limit: bigint
}

const refuseBeyond = async <Session extends SqlSession>(
  { session, dataset, request }: TableWrites<Session>,
  { table, name, columns, limit }: Search,
): Promise<void> => {
  for (const column of columns) {
    const found = await session.query(
      sql`SELECT 1 AS found FROM ${name} WHERE ${sql.id(column)} >= ${limit} OR ${sql.id(column)} <= ${-limit} LIMIT 1`,
    )
    if (found.length > 0) throw inexact({ dataset, table: table.name, column, loadId: request.loadId })
  }
}

const inexact = (place: {
  readonly dataset: string
  readonly table: string
  readonly column: string
  readonly loadId: string
}): DestinationError =>
  new DestinationError(
    `Column "${place.column}" of table "${place.table}" (dataset "${place.dataset}") has doubles of another pipeline, and load package "${place.loadId}" brings integers beyond 2^53, which would lose digits there. Give the package up, and load into another table, or declare the column as text or decimal in both pipelines.`,
    { kind: 'terminal', context: { ...place } },
  )
