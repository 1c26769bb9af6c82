import { sql } from 'kysely'
import { textOf } from './row-values.ts'
import type { SqlRow } from './sql-connection.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** How many names a query lists at most; beyond that all columns of the dataset are read. */
const mostListedTables = 1000

/** Whether rows that say nothing of a column are refused. */
const needsValue = sql`is_nullable = 'NO' AND column_default IS NULL AND COALESCE(is_identity, 'NO') = 'NO'`

/** Of which dataset something is asked, and how. */
export interface DatasetRequest {
  readonly dialect: SqlDialect
  readonly dataset: string
  readonly caseSensitive: boolean
}

/** Asks whether a dataset exists in the current database: as the dialect does, otherwise the `information_schema`. */
export const datasetQuery = ({ dialect, dataset, caseSensitive }: DatasetRequest, versions: string): SqlFragment =>
  dialect.datasetQuery?.(dataset, versions) ??
  sql`
  SELECT schema_name AS dataset_name FROM information_schema.schemata
  WHERE catalog_name = current_database() AND ${equals(sql`schema_name`, dataset, caseSensitive)}`

/** Asks for the columns of tables of a dataset: as the dialect does, otherwise the `information_schema`. */
export const columnsQuery = (
  { dialect, dataset, caseSensitive }: DatasetRequest,
  tables: readonly string[],
): SqlFragment => {
  if (dialect.columnsQuery !== undefined)
    return dialect.columnsQuery(dataset, tables.length > mostListedTables ? undefined : tables)
  const name = caseSensitive ? sql`table_name` : sql`lower(table_name)`
  const listed = tables.map((table) => (caseSensitive ? sql`${table}` : sql`lower(${table})`))
  const only = tables.length > mostListedTables ? sql`` : isOneOf(name, listed)
  return sql`
  SELECT table_name AS table_name, column_name AS column_name, data_type AS data_type,
    CASE WHEN ${needsValue} THEN 'YES' ELSE 'NO' END AS needs_value FROM information_schema.columns
  WHERE table_catalog = current_database() AND ${equals(sql`table_schema`, dataset, caseSensitive)}${only}
  ORDER BY table_name, ordinal_position`
}

const isOneOf = (name: SqlFragment, listed: readonly SqlFragment[]): SqlFragment =>
  listed.length === 0 ? sql` AND 1 = 0` : sql` AND ${name} IN (${sql.join(listed)})`

const equals = (name: SqlFragment, value: string, caseSensitive: boolean): SqlFragment =>
  caseSensitive ? sql`${name} = ${value}` : sql`lower(${name}) = lower(${value})`

/** The tables and columns that a dataset has. */
export interface ExistingColumns {
  hasTable(table: string): boolean
  hasColumn(table: string, column: string): boolean
  /** The type of a column as the database tells it; undefined where there is no such column. */
  columnType(table: string, column: string): string | undefined
  /** How many columns a table has; 0 where it is missing. */
  columnCount(table: string): number
  /** Columns of a table beside the given ones that need a value in each row, as the database spells their names. */
  requiredBeside(table: string, columns: readonly string[]): readonly string[]
  /** The same without some tables. */
  without(tables: readonly string[]): ExistingColumns
}

type Fold = (name: string) => string

interface ExistingColumn {
  readonly name: string
  readonly type: string
  readonly needsValue: boolean
}

type ColumnsByTable = ReadonlyMap<string, ReadonlyMap<string, ExistingColumn>>

const existingIn = (tables: ColumnsByTable, fold: Fold): ExistingColumns => ({
  hasTable: (table) => tables.has(fold(table)),
  hasColumn: (table, column) => tables.get(fold(table))?.has(fold(column)) ?? false,
  columnType: (table, column) => tables.get(fold(table))?.get(fold(column))?.type,
  columnCount: (table) => tables.get(fold(table))?.size ?? 0,
  requiredBeside: (table, columns) => {
    const filled = new Set(columns.map(fold))
    const required = [...(tables.get(fold(table))?.values() ?? [])].filter(({ needsValue }) => needsValue)
    return required.map(({ name }) => name).filter((name) => !filled.has(fold(name)))
  },
  without: (names) => {
    const gone = new Set(names.map(fold))
    return existingIn(new Map([...tables].filter(([name]) => !gone.has(name))), fold)
  },
})

/** Collects the rows of {@link columnsQuery}. */
export const existingColumns = (rows: readonly SqlRow[], caseSensitive: boolean): ExistingColumns => {
  const fold: Fold = caseSensitive ? (name) => name : (name) => name.toLowerCase()
  const tables = new Map<string, Map<string, ExistingColumn>>()
  for (const row of rows) {
    const table = fold(textOf(row, 'table_name'))
    const columns = tables.get(table) ?? new Map()
    const name = textOf(row, 'column_name')
    columns.set(fold(name), {
      name,
      type: textOf(row, 'data_type'),
      needsValue: textOf(row, 'needs_value') === 'YES',
    })
    tables.set(table, columns)
  }
  return existingIn(tables, fold)
}
