import type { Schema } from '@dlt/schema'
import { sql } from 'kysely'
import type { AppliedSchemaChange, SchemaRefresh } from '../destination.ts'
import { alterColumns } from './alter-columns.ts'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import type { ExistingColumns } from './existing-columns.ts'
import { isPackageLoaded } from './finished-load.ts'
import type { SqlExecutor } from './sql-executor.ts'

/** What a refresh works on. */
export interface DatasetRefresh {
  readonly dataset: string
  readonly tables: DltTables
  readonly schema: Schema
  readonly refresh?: SchemaRefresh
}

/** What a refresh left. */
export interface RefreshedDataset {
  /** What the dataset had, without the dropped tables. Columns that were altered stand there as they were. */
  readonly existing: ExistingColumns
  /** The columns that were altered. */
  readonly changes: readonly AppliedSchemaChange[]
}

/**
 * Drops the tables of a refresh, forgets versions of the schema, and drops and renames columns, in the transaction of a schema update; nothing where there is no refresh,
 * or where its package was loaded before.
 */
export const refreshDataset = async (
  { dataset, tables, schema, refresh }: DatasetRefresh,
  existing: ExistingColumns,
  executor: SqlExecutor,
): Promise<RefreshedDataset> => {
  if (refresh === undefined) return { existing, changes: [] }
  const { loadId, dropTables, forgetVersions, alterColumns: alterations = [] } = refresh
  const isLoaded =
    existing.hasTable(tables.loads.table) &&
    (await isPackageLoaded(executor, dataset, tables, { loadId, schemaName: schema.name }))
  if (isLoaded) return { existing, changes: [] }
  for (const table of dropTables)
    if (existing.hasTable(table)) await executor.execute(sql`DROP TABLE ${qualifiedName(dataset, table)}`)
  const { version } = tables
  if (forgetVersions === true && existing.hasTable(version.table))
    await executor.execute(
      sql`DELETE FROM ${qualifiedName(dataset, version.table)} WHERE ${sql.id(version.schemaName)} = ${schema.name}`,
    )
  const changes = await alterColumns(dataset, alterations, existing, executor)
  return { existing: existing.without(dropTables), changes }
}
