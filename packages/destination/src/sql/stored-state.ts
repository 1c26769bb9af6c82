import { sql } from 'kysely'
import type { StoredState } from '../destination.ts'
import { qualifiedName } from './data-definition.ts'
import type { DltTables } from './dlt-tables.ts'
import { dateOf, integerOf, textOf } from './row-values.ts'
import type { SqlExecutor } from './sql-executor.ts'

const stateQuery = (dataset: string, { state, loads }: DltTables, pipelineName: string) => sql`
  SELECT s.${sql.id(state.version)} AS version, s.${sql.id(state.engineVersion)} AS engine_version,
    s.${sql.id(state.pipelineName)} AS pipeline_name, s.${sql.id(state.state)} AS state,
    s.${sql.id(state.createdAt)} AS created_at, s.${sql.id(state.versionHash)} AS version_hash,
    s.${sql.id(state.loadId)} AS load_id
  FROM ${qualifiedName(dataset, state.table)} AS s
  JOIN ${qualifiedName(dataset, loads.table)} AS l ON l.${sql.id(loads.loadId)} = s.${sql.id(state.loadId)}
  WHERE s.${sql.id(state.pipelineName)} = ${pipelineName} AND l.${sql.id(loads.status)} = 0
  ORDER BY l.${sql.id(loads.loadId)} DESC
  LIMIT 1`

/** Reads the newest state of a pipeline that belongs to a finished load. */
export const readStoredState = async (
  executor: SqlExecutor,
  dataset: string,
  tables: DltTables,
  pipelineName: string,
): Promise<StoredState | undefined> => {
  const [row] = await executor.query(stateQuery(dataset, tables, pipelineName))
  if (row === undefined) return undefined
  const { version_hash: versionHash } = row
  return {
    version: integerOf(row, 'version'),
    engineVersion: integerOf(row, 'engine_version'),
    pipelineName: textOf(row, 'pipeline_name'),
    state: textOf(row, 'state'),
    createdAt: dateOf(row, 'created_at'),
    // Written by every version of the state, but nullable in the table.
    versionHash: versionHash === null ? '' : textOf(row, 'version_hash'),
    loadId: textOf(row, 'load_id'),
  }
}
