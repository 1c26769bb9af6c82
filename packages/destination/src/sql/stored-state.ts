import { sql } from 'kysely'
import type { StoredState } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import { dateOf, integerOf, textOf } from './row-values.ts'
import type { SqlExecutor } from './sql-executor.ts'
import { instantOf, type StoredSchemas } from './stored-schema.ts'

/** The state and the schemas of the last loads in one query: every run asks for both. Rows of schemas have nothing of the state. */
const stateQuery = ({ dialect, dataset, tables: { state, loads } }: StoredSchemas, pipelineName: string) => sql`
  SELECT * FROM (
    SELECT s.${sql.id(state.version)} AS version, s.${sql.id(state.engineVersion)} AS engine_version,
      s.${sql.id(state.pipelineName)} AS pipeline_name, s.${sql.id(state.state)} AS state,
      ${instantOf(dialect, sql`s.${sql.id(state.createdAt)}`)} AS created_at, s.${sql.id(state.versionHash)} AS version_hash,
      s.${sql.id(state.loadId)} AS load_id, CAST(NULL AS VARCHAR) AS schema_name, CAST(NULL AS VARCHAR) AS schema_hash
    FROM ${qualifiedName(dataset, state.table)} AS s
    JOIN ${qualifiedName(dataset, loads.table)} AS l ON l.${sql.id(loads.loadId)} = s.${sql.id(state.loadId)}
    WHERE s.${sql.id(state.pipelineName)} = ${pipelineName} AND l.${sql.id(loads.status)} = 0
    ORDER BY l.${sql.id(loads.loadId)} DESC
    LIMIT 1) AS stored
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, l.${sql.id(loads.schemaName)}, l.${sql.id(loads.schemaVersionHash)}
  FROM ${qualifiedName(dataset, loads.table)} AS l
  JOIN (
    SELECT ${sql.id(loads.schemaName)} AS name, MAX(${sql.id(loads.loadId)}) AS load_id
    FROM ${qualifiedName(dataset, loads.table)} WHERE ${sql.id(loads.status)} = 0
    GROUP BY ${sql.id(loads.schemaName)}) AS last
  ON last.name = l.${sql.id(loads.schemaName)} AND last.load_id = l.${sql.id(loads.loadId)}
  WHERE l.${sql.id(loads.schemaVersionHash)} IS NOT NULL`

/** Reads the newest state of a pipeline that belongs to a finished load. */
export const readStoredState = async (
  executor: SqlExecutor,
  stored: StoredSchemas,
  pipelineName: string,
): Promise<StoredState | undefined> => {
  const rows = await executor.query(stateQuery(stored, pipelineName))
  const row = rows.find(({ schema_name: schema }) => schema === null)
  if (row === undefined) return undefined
  const { version_hash: versionHash } = row
  const schemas = rows.filter(({ schema_name: schema }) => schema !== null)
  return {
    version: integerOf(row, 'version'),
    engineVersion: integerOf(row, 'engine_version'),
    pipelineName: textOf(row, 'pipeline_name'),
    state: textOf(row, 'state'),
    createdAt: dateOf(row, 'created_at'),
    // Written by every version of the state, but nullable in the table.
    versionHash: versionHash === null ? '' : textOf(row, 'version_hash'),
    loadId: textOf(row, 'load_id'),
    schemaHashes: new Map(schemas.map((schema) => [textOf(schema, 'schema_name'), textOf(schema, 'schema_hash')])),
  }
}
