import { isCompleteColumn, isPromoted, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2 ** 53

/**
 * Gives columns of a table the wider types that the schema promoted them to. Only columns that have another type are altered, so it
 * can be repeated.
 *
 * @throws DestinationError terminal where integers of a column would lose digits as doubles
 */
export const alterPromoted = async (
  { dialect, dataset, capabilities }: Pick<SchemaUpdate, 'dialect' | 'dataset' | 'capabilities'>,
  table: TableSchema,
  existing: ExistingColumns,
  executor: SqlExecutor,
): Promise<void> => {
  if (capabilities.ddl.altersColumnTypes !== true) return
  for (const column of table.columns.values()) {
    if (!isPromoted(column) || !isCompleteColumn(column)) continue
    const type = dialect.columnType(column, table)
    const before = existing.columnType(table.name, column.name)
    if (before === undefined || before.toUpperCase() === type.toUpperCase()) continue
    const name = qualifiedName(dataset, table.name)
    if (column.data_type === 'double')
      await requireExact(executor, name, { dataset, table: table.name, column: column.name })
    await executor.execute(sql`ALTER TABLE ${name}\nALTER COLUMN ${sql.id(column.name)} TYPE ${sqlKeywords(type)}`)
  }
}

interface ColumnPlace {
  readonly dataset: string
  readonly table: string
  readonly column: string
}

const requireExact = async (executor: SqlExecutor, name: SqlFragment, place: ColumnPlace): Promise<void> => {
  const column = sql.id(place.column)
  const large = await executor.query(
    sql`SELECT 1 AS found FROM ${name} WHERE ${column} > ${exactUpTo} OR ${column} < ${-exactUpTo} LIMIT 1`,
  )
  if (large.length === 0) return
  throw new DestinationError(
    `Column "${place.column}" of table "${place.table}" (dataset "${place.dataset}") holds integers beyond 2^53, which would lose digits as doubles, and the package brings fractions. Give the package up, and declare the column as decimal or run with promotion off, so that a variant column takes the fractions.`,
    { kind: 'terminal', context: { ...place } },
  )
}
