import { sql } from 'kysely'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import type { SqlExecutor } from './sql-executor.ts'

/** What tells a load package from all others of a dataset. Load ids are made by each pipeline for itself; two could be equal. */
export interface PackageKey {
  readonly loadId: string
  readonly schemaName: string
}

/** Whether `_dlt_loads` has a package. */
export const isPackageLoaded = async (
  executor: SqlExecutor,
  dataset: string,
  { loads }: DltTables,
  { loadId, schemaName }: PackageKey,
): Promise<boolean> => {
  const rows = await executor.query(sql`
  SELECT 1 AS found FROM ${qualifiedName(dataset, loads.table)}
  WHERE ${sql.id(loads.loadId)} = ${loadId} AND ${sql.id(loads.schemaName)} = ${schemaName}
    AND ${sql.id(loads.status)} = 0 LIMIT 1`)
  return rows.length > 0
}
