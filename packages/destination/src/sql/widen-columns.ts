import { isCompleteColumn, isPromoted, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import { type NarrowColumn, narrowColumns } from './narrow-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2 ** 53

/**
 * Gives columns of a table the types of the schema: those that the schema promoted, and those that would round its values. Only columns
 * that have another type are altered, so it can be repeated.
 *
 * @throws DestinationError terminal where integers of a column would lose digits as doubles, or its type cannot be changed
 */
export const widenColumns = async (
  { dialect, dataset, capabilities }: Pick<SchemaUpdate, 'dialect' | 'dataset' | 'capabilities'>,
  table: TableSchema,
  existing: ExistingColumns,
  executor: SqlExecutor,
): Promise<void> => {
  const canAlter = capabilities.ddl.altersColumnTypes === true
  const narrow = narrowColumns(dialect, table, existing)
  const wanted = new Map([...(canAlter ? promotedColumns(dialect, table, existing) : []), ...narrow].map(byName))
  for (const { column, type, wanted: to } of wanted.values()) {
    const place = { dataset, table: table.name, column: column.name }
    if (!canAlter) throw wouldRound(place, type, to)
    const name = qualifiedName(dataset, table.name)
    if (column.data_type === 'double') await requireExact(executor, name, place)
    await executor.execute(sql`ALTER TABLE ${name}\nALTER COLUMN ${sql.id(column.name)} TYPE ${sqlKeywords(to)}`)
  }
}

const byName = (one: NarrowColumn) => [one.column.name, one] as const

const promotedColumns = (dialect: SqlDialect, table: TableSchema, existing: ExistingColumns): readonly NarrowColumn[] =>
  [...table.columns.values()]
    .filter(isPromoted)
    .filter(isCompleteColumn)
    .flatMap((column) => {
      const wanted = dialect.columnType(column, table)
      const type = existing.columnType(table.name, column.name)
      return type === undefined || type.toUpperCase() === wanted.toUpperCase() ? [] : [{ column, type, wanted }]
    })

const wouldRound = (place: ColumnPlace, type: string, wanted: string): DestinationError =>
  new DestinationError(
    `Column "${place.column}" of table "${place.table}" (dataset "${place.dataset}") has the type ${type}, which would round values of the schema's type ${wanted}, and the destination cannot change it. Change the type by hand, or load into another table.`,
    { kind: 'terminal', context: { ...place } },
  )

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
