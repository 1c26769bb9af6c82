import { isCompleteColumn, isPromoted, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import { type NarrowColumn, narrowColumns } from './narrow-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { type SqlFragment, sqlKeywords } from './sql-fragment.ts'
import { widerType } from './wider-type.ts'

type Update = Pick<SchemaUpdate, 'dialect' | 'dataset' | 'capabilities'>

/** Largest integer up to which every integer is a double, too. */
const exactUpTo = 2 ** 53

/**
 * The columns of a table that get another type, with the one that they get: those that the schema promoted, where the destination can
 * alter them, and those that would round its values.
 */
export const columnsToWiden = (
  update: Update,
  table: TableSchema,
  existing: ExistingColumns,
): readonly NarrowColumn[] => {
  const { dialect, capabilities } = update
  const promoted = capabilities.ddl.altersColumnTypes === true ? promotedColumns(dialect, table, existing) : []
  const narrow = new Map([...promoted, ...narrowColumns(dialect, table, existing)].map((one) => [one.column.name, one]))
  return [...narrow.values()].flatMap(({ column, type, wanted }) => {
    const wider = widerType(update, type, wanted)
    return wider === undefined ? [] : [{ column, type, wanted: wider }]
  })
}

/**
 * Gives columns of a table the types that they need. Only columns that have another type are altered, so it can be repeated.
 *
 * @throws DestinationError terminal where integers of a column would lose digits as doubles, or its type cannot be changed
 */
export const widenColumns = async (
  update: Update,
  table: TableSchema,
  columns: readonly NarrowColumn[],
  executor: SqlExecutor,
): Promise<void> => {
  const { dataset, capabilities } = update
  for (const narrow of columns) {
    const { column, wanted } = narrow
    const place = { dataset, table: table.name, column: column.name }
    if (capabilities.ddl.altersColumnTypes !== true) throw unalterable(update, table, narrow)
    const name = qualifiedName(dataset, table.name)
    if (column.data_type === 'double') await requireExact(executor, name, place)
    await executor.execute(sql`ALTER TABLE ${name}\nALTER COLUMN ${sql.id(column.name)} TYPE ${sqlKeywords(wanted)}`)
  }
}

const promotedColumns = (
  dialect: Update['dialect'],
  table: TableSchema,
  existing: ExistingColumns,
): readonly NarrowColumn[] =>
  [...table.columns.values()]
    .filter(isPromoted)
    .filter(isCompleteColumn)
    .flatMap((column) => {
      const type = existing.columnType(table.name, column.name)
      return type === undefined ? [] : [{ column, type, wanted: dialect.columnType(column, table) }]
    })

/** The error for a column that would round values, where the destination cannot alter it. */
export const unalterable = (
  { dataset }: Pick<Update, 'dataset'>,
  table: TableSchema,
  { column, type, wanted }: NarrowColumn,
): DestinationError =>
  new DestinationError(
    `Column "${column.name}" of table "${table.name}" (dataset "${dataset}") has the type ${type}, which would round values of the schema's type ${wanted}, and the destination cannot change it. Change the type by hand, or load into another table.`,
    { kind: 'terminal', context: { dataset, table: table.name, column: column.name } },
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
