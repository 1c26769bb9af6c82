import { type ColumnSchema, type DataType, isCompleteColumn, type TableSchema } from '@dlt/schema'
import { type ColumnKind, columnKind } from './column-kind.ts'
import type { ExistingColumns } from './existing-columns.ts'
import type { SqlDialect } from './sql-dialect.ts'

/** A column whose type at the destination would silently change values. */
export interface NarrowColumn {
  readonly column: ColumnSchema
  /** The type that it has, as the database tells it. */
  readonly type: string
  /** The type that holds the values, as DDL spells it. */
  readonly wanted: string
}

/** Kinds of which a text that looks like one of their values loses how it was written: zeros, digits, or a part. */
const notForTexts: ReadonlySet<ColumnKind['kind']> = new Set([
  'integer',
  'boolean',
  'single',
  'double',
  'decimal',
  'date',
  'time',
  'timestamp',
])

/** Whether values of the wanted type become others in a column that has a type of this kind, and the database says nothing. */
const losesValues = (dataType: DataType | undefined, existing: ColumnKind, wanted: ColumnKind): boolean => {
  const { kind } = existing
  switch (dataType) {
    case 'text':
    case 'json':
      return notForTexts.has(kind)
    case 'bigint':
      return kind === 'boolean' || kind === 'single'
    case 'double':
      return kind === 'boolean' || kind === 'single' || kind === 'integer' || kind === 'decimal'
    case 'decimal':
    case 'wei':
      if (kind === 'decimal') return wanted.kind === 'decimal' && existing.scale < wanted.scale
      return kind === 'boolean' || kind === 'single' || kind === 'integer' || kind === 'double'
    case 'timestamp':
      if (kind === 'timestamp') return wanted.kind === 'timestamp' && existing.fractionDigits < wanted.fractionDigits
      return kind === 'date'
    default:
      return false
  }
}

/**
 * Columns of a table that another pipeline, or somebody by hand has made with a type that changes what the schema's type keeps: fractions among
 * integers, digits of decimals among doubles, texts that look like numbers. Databases do so without a word. Where a value does not fit at all,
 * they refuse it themselves. Integers of a schema may be in a column of doubles: another pipeline has had fractions, and loads tell which do not
 * fit there.
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
    const loses = losesValues(column.data_type, columnKind(dialect, type), columnKind(dialect, wanted))
    return loses ? [{ column, type, wanted }] : []
  })
