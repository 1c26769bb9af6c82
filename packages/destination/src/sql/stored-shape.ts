import { sql } from 'kysely'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import { columnsQuery, type ExistingColumns, existingColumns } from './existing-columns.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'

/** What {@link readStoredShape} asks for. */
export interface StoredShapeRequest {
  readonly dialect: SqlDialect
  readonly dataset: string
  readonly tables: DltTables
  readonly versionHash: string
  /** Tables whose columns are read. */
  readonly tableNames: readonly string[]
  readonly caseSensitive: boolean
}

/** What a dataset says of a schema and has of its tables. */
export interface StoredShape {
  /** Whether the schema was applied to it before. */
  readonly isStored: boolean
  readonly existing: ExistingColumns
}

/** Asks both in one query: every run does so, and most change nothing. */
export const readStoredShape = async (
  executor: SqlExecutor,
  { dialect, dataset, tables: { version }, versionHash, tableNames, caseSensitive }: StoredShapeRequest,
): Promise<StoredShape> => {
  const rows = await executor.query(sql`
  SELECT CAST(NULL AS VARCHAR) AS table_name, CAST(NULL AS VARCHAR) AS column_name, CAST(NULL AS VARCHAR) AS data_type,
    CAST(NULL AS VARCHAR) AS needs_value
  FROM ${qualifiedName(dataset, version.table)} WHERE ${sql.id(version.versionHash)} = ${versionHash}
  UNION ALL SELECT * FROM (${columnsQuery({ dialect, dataset, caseSensitive }, tableNames)}) AS existing`)
  const columns = rows.filter(({ table_name: name }) => name !== null)
  return { isStored: columns.length < rows.length, existing: existingColumns(columns, caseSensitive) }
}
