import { isCompleteColumn, isPromoted, type TableSchema } from '@dlt/schema'
import { sql } from 'kysely'
import { DestinationError } from '../destination-error.ts'
import { qualifiedName } from './data-definition.ts'
import type { ExistingColumns } from './existing-columns.ts'
import { requireKept } from './kept-values.ts'
import { type NarrowColumn, narrowColumns } from './narrow-columns.ts'
import type { SchemaUpdate } from './schema-update.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { sqlKeywords } from './sql-fragment.ts'
import { widerType } from './wider-type.ts'

type Update = Pick<SchemaUpdate, 'dialect' | 'dataset' | 'capabilities'>

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
  const wider = promoted.flatMap(({ column, type, wanted }) => {
    const other = widerType(update, type, wanted)
    return other === undefined ? [] : [{ column, type, wanted: other }]
  })
  const narrow = narrowColumns(dialect, table, existing).map((one) => ({
    ...one,
    wanted: widerType(update, one.type, one.wanted) ?? one.wanted,
  }))
  return [...new Map([...wider, ...narrow].map((one) => [one.column.name, one])).values()]
}

/**
 * Gives columns of a table the types that they need. Only columns that have another type are altered, so it can be repeated.
 *
 * @throws DestinationError terminal where values that a column holds would become others, or its type cannot be changed
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
    if (capabilities.ddl.altersColumnTypes !== true) throw unalterable(update, table, narrow)
    const name = qualifiedName(dataset, table.name)
    await requireKept(update, table, narrow, executor)
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
