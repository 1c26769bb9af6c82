import type { DltTables } from './dlt-tables.ts'
import { columnsQuery, type ExistingColumns, existingColumns } from './existing-columns.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { isSchemaStored } from './stored-schema.ts'

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

/** Asks the catalog first: servers write down each query of a table that is not there, and the first load of a dataset is no error. */
export const readStoredShape = async (
  executor: SqlExecutor,
  { dialect, dataset, tables, versionHash, tableNames, caseSensitive }: StoredShapeRequest,
): Promise<StoredShape> => {
  const versions = tables.version.table
  const query = columnsQuery({ dialect, dataset, caseSensitive }, [...tableNames, versions])
  const existing = existingColumns(await executor.query(query), caseSensitive)
  const isStored = existing.hasTable(versions) && (await isSchemaStored(executor, dataset, tables, versionHash))
  return { isStored, existing }
}
