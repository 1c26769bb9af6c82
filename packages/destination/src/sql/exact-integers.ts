import { isCompleteColumn, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { columnKind } from './column-kind.ts'
import { StagingArea } from './dispositions/staging-area.ts'
import { stageTable, stagingPrefixOf, type TableWrites } from './dispositions/table-writes.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlSession } from './sql-connection.ts'
import type { SqlDialect } from './sql-dialect.ts'

/** Names of columns by the names of their tables. */
export type ColumnsByTable = ReadonlyMap<string, readonly string[]>

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2 ** 53

/** Columns of integers that hold doubles at the destination, because another pipeline has had fractions: most integers are the same there. */
export const integersAmongDoubles = (
  dialect: Pick<SqlDialect, 'integerTypes'>,
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
 * files are read twice; others are not looked at.
 *
 * @throws DestinationError terminal where an integer would lose digits
 */
export const requireExactIntegers = async <Session extends SqlSession>(
  writes: TableWrites<Session>,
  doubles: ColumnsByTable,
): Promise<void> => {
  const { schema, loadId, jobs } = writes.request
  const area = new StagingArea({ dialect: writes.dialect, prefix: stagingPrefixOf(writes) }, writes.session)
  for (const [tableName, names] of doubles) {
    const table = schema.tables.get(tableName)
    if (table === undefined || !jobs.some((job) => job.tableName === tableName)) continue
    const columns = [...table.columns.values()].filter(isCompleteColumn)
    const { staged } = await stageTable(writes, area, { table, columns }, jobs)
    for (const name of names) {
      const column = sql.id(name)
      const found = await writes.session.query(
        sql`SELECT 1 AS found FROM ${staged} WHERE ${column} > ${exactUpTo} OR ${column} < ${-exactUpTo} LIMIT 1`,
      )
      if (found.length > 0) throw inexact({ dataset: writes.dataset, table: tableName, column: name, loadId })
    }
  }
  await area.drop()
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
