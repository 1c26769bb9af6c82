import { qualifiedName, sql } from '@dlt/destination/sql'
import { PreciseDateTime } from '@dlt/schema'
import { compareLoadIds } from '../packages/load-id.ts'
import type { DatasetSession } from './dataset-session.ts'
import { readAll } from './query/read-all.ts'

/** A load that is complete: a row of `_dlt_loads`. */
export interface FinishedLoad {
  readonly loadId: string
  /** The schema that was loaded; undefined for loads of old versions. */
  readonly schemaName: string | undefined
  /** Hash of that schema as it was then. */
  readonly schemaVersionHash: string | undefined
  readonly insertedAt: Date
}

const textOf = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value)

function dateOf(value: unknown): Date {
  if (value instanceof PreciseDateTime) return new Date(value.getTime())
  return value instanceof Date ? value : new Date(String(value))
}

/** The loads that are complete, by their ids. */
export async function readLoads(session: DatasetSession): Promise<readonly FinishedLoad[]> {
  const { loads } = (await session.catalog()).system
  const rows = await readAll(
    session.reader,
    sql`SELECT ${sql.id(loads.loadId)} AS load_id, ${sql.id(loads.schemaName)} AS schema_name,
      ${sql.id(loads.schemaVersionHash)} AS hash, ${sql.id(loads.insertedAt)} AS inserted_at
    FROM ${qualifiedName(session.datasetName, loads.table)} WHERE ${sql.id(loads.status)} = 0`,
  )
  return rows
    .map((row) => ({
      loadId: String(row['load_id']),
      schemaName: textOf(row['schema_name']),
      schemaVersionHash: textOf(row['hash']),
      insertedAt: dateOf(row['inserted_at']),
    }))
    .sort((one, other) => compareLoadIds(one.loadId, other.loadId))
}
