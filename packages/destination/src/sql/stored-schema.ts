import { sql } from 'kysely'
import type { StoredSchema } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import { dateOf, integerOf, textOf } from './row-values.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { SqlExecutor } from './sql-executor.ts'
import type { SqlFragment } from './sql-fragment.ts'

/** Whether a schema of this hash was applied to the dataset before. */
export const isSchemaStored = async (
  executor: SqlExecutor,
  dataset: string,
  { version }: DltTables,
  versionHash: string,
): Promise<boolean> => {
  const rows = await executor.query(sql`
  SELECT 1 AS found FROM ${qualifiedName(dataset, version.table)} WHERE ${sql.id(version.versionHash)} = ${versionHash} LIMIT 1`)
  return rows.length > 0
}

/** Where stored schemas are read. */
export interface StoredSchemas {
  readonly dialect: SqlDialect
  readonly dataset: string
  readonly tables: DltTables
}

/** A timestamp as `dateOf` reads it. */
export const instantOf = ({ timestampText }: SqlDialect, timestamp: SqlFragment): SqlFragment =>
  timestampText?.(timestamp) ?? timestamp

/** Clocks of some databases count seconds only. */
const lastArrived = ({ arrivalOrder }: SqlDialect): SqlFragment =>
  arrivalOrder === undefined ? sql`` : sql`, ${sql.id(arrivalOrder)} DESC`

/** The schema row of the hash that the last finished load used; a schema that returned to an earlier content has no newer row. */
const schemaQuery = ({ dialect, dataset, tables: { version, loads } }: StoredSchemas, schemaName: string) => sql`
  SELECT ${sql.id(version.versionHash)} AS version_hash, ${sql.id(version.schemaName)} AS schema_name,
    ${sql.id(version.version)} AS version, ${sql.id(version.engineVersion)} AS engine_version,
    ${instantOf(dialect, sql.id(version.insertedAt))} AS inserted_at,
    ${sql.id(version.schema)} AS schema_text
  FROM ${qualifiedName(dataset, version.table)}
  WHERE ${sql.id(version.schemaName)} = ${schemaName}
  ORDER BY CASE WHEN ${sql.id(version.versionHash)} = (
    SELECT ${sql.id(loads.schemaVersionHash)} FROM ${qualifiedName(dataset, loads.table)}
    WHERE ${sql.id(loads.schemaName)} = ${schemaName} AND ${sql.id(loads.status)} = 0
    ORDER BY ${sql.id(loads.loadId)} DESC LIMIT 1) THEN 0 ELSE 1 END, ${sql.id(version.insertedAt)} DESC${lastArrived(dialect)}
  LIMIT 1`

/** Reads the stored schema of a name: the one of the last finished load, otherwise the newest. */
export const readStoredSchema = async (
  executor: SqlExecutor,
  stored: StoredSchemas,
  schemaName: string,
): Promise<StoredSchema | undefined> => {
  const [row] = await executor.query(schemaQuery(stored, schemaName))
  if (row === undefined) return undefined
  return {
    versionHash: textOf(row, 'version_hash'),
    schemaName: textOf(row, 'schema_name'),
    version: integerOf(row, 'version'),
    engineVersion: integerOf(row, 'engine_version'),
    insertedAt: dateOf(row, 'inserted_at'),
    schema: textOf(row, 'schema_text'),
  }
}
