import type { Destination } from '@dlt/destination'
import { alterSchema, type ColumnAlteration, DltError, type Schema } from '@dlt/schema'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { commitChange, requireSchema } from './commit-change.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { SchemaChange } from './schema-change.ts'

/** What changing a schema works with. */
export interface AlterStepInput {
  readonly change: SchemaChange
  /** What the state says of dataset and destination. */
  readonly properties: Partial<PipelineState>
  readonly destination: Destination
  /** Whether the tables of all schemas are in one dataset. */
  readonly sharesDataset: boolean
}

/** Counts changes of schemas by hand: a state that differs tells other working directories to take the schemas again. */
const counter = '_schema_alterations'

/**
 * Makes a load package of a change of columns.
 *
 * @throws DltError `SCHEMA` when the change cannot be made
 */
export async function alterStep(
  session: PipelineSession,
  { change, properties: given, destination, sharesDataset }: AlterStepInput,
): Promise<readonly ExtractedPackage[]> {
  const known = requireSchema(session, change.schema)
  const { schema, alterations } = alterSchema(known, change)
  if (sharesDataset) refuseShared(session, known, alterations)
  const properties = { ...given, [counter]: Number(session.state[counter] ?? 0) + 1 }
  return commitChange(session, { change: { schema, alterations }, properties, destination })
}

// Two schemas can have one table in a dataset: what one of them does not have any more, the other one would bring back.
function refuseShared({ schemas }: PipelineSession, schema: Schema, alterations: readonly ColumnAlteration[]): void {
  for (const other of schemas.values()) {
    if (other.name === schema.name) continue
    const shared = alterations.find(({ tableName, column }) => other.tables.get(tableName)?.columns.has(column))
    if (shared === undefined) continue
    const { tableName: table, column } = shared
    throw new DltError(
      `Column "${column}" of table "${table}" cannot be dropped or renamed: the schema "${other.name}" has that table in the same dataset, with that column. Give one of them another table name, or a dataset of its own.`,
      { code: 'SCHEMA', context: { schema: schema.name, table, column } },
    )
  }
}
