import { type ColumnSchema, isCompleteColumn, type TableSchema } from '@dlt/schema'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlDialect } from './sql-dialect.ts'
import { decimalOf } from './wider-type.ts'

/** A column whose type at the destination would silently change values. */
export interface NarrowColumn {
  readonly column: ColumnSchema
  /** The type that it has, as the database tells it. */
  readonly type: string
  /** The type that holds the values, as DDL spells it. */
  readonly wanted: string
}

const wouldRound = (type: string, wanted: string): boolean => {
  const kept = decimalOf(type)?.scale
  return kept !== undefined && kept < (decimalOf(wanted)?.scale ?? 0)
}

const wouldLose = (
  { data_type: dataType }: ColumnSchema,
  type: string,
  wanted: string,
  dialect: SqlDialect,
): boolean => {
  if (dataType === 'timestamp') return type.toUpperCase() === 'DATE'
  if (dataType !== 'double' && dataType !== 'decimal' && dataType !== 'wei') return false
  return dialect.integerTypes.has(type.toUpperCase()) || wouldRound(type, wanted)
}

/**
 * Columns of a table that another pipeline, whose data had whole numbers only, or somebody by hand has made with a type that rounds what the
 * schema's type keeps: databases do so without a word. Where a value does not fit at all, they refuse it themselves.
 */
export const narrowColumns = (
  dialect: SqlDialect,
  table: TableSchema,
  existing: ExistingColumns,
): readonly NarrowColumn[] =>
  [...table.columns.values()].filter(isCompleteColumn).flatMap((column) => {
    const type = existing.columnType(table.name, column.name)
    if (type === undefined) return []
    const wanted = dialect.columnType(column, table)
    return wouldLose(column, type, wanted, dialect) ? [{ column, type, wanted }] : []
  })
