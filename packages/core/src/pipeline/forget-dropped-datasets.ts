import type { Schema } from '@dlt/schema'
import { type PipelineTarget, withClient } from '../destinations/pipeline-target.ts'
import { normalizerMarks } from '../hints/normalizer-marks.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** Where the tables of schemas are. */
export interface SchemaTargets {
  /** The pipeline's dataset. */
  readonly main: PipelineTarget
  targetOf(schemaName: string): PipelineTarget
}

/**
 * Forgets schemas whose dataset of their own does not exist any more, and the state of their sources: loading those starts anew. Nothing
 * is asked where all schemas share a dataset.
 *
 * @returns the names of the schemas
 */
export async function forgetDroppedDatasets(
  session: PipelineSession,
  targets: SchemaTargets,
): Promise<readonly string[]> {
  const { main, targetOf } = targets
  const { logger, pipelineName, schemas, state } = session
  const gone: string[] = []
  for (const schema of schemas.values()) {
    const target = targetOf(schema.name)
    if (target.context.datasetName === main.context.datasetName || !hasData(schema)) continue
    const dataset = await withClient(target, async (client) =>
      (await client.hasDataset()) ? undefined : client.datasetName,
    )
    if (dataset === undefined) continue
    gone.push(schema.name)
    logger.warning(
      `Pipeline "${pipelineName}": the dataset "${dataset}" of schema "${schema.name}" does not exist any more, so the schema and the state of its source are forgotten and loading it starts anew.`,
    )
  }
  if (gone.length === 0) return gone
  const left = new Map([...schemas].filter(([name]) => !gone.includes(name)))
  await session.store({ state: withoutSources(state, gone), schemas: left })
  return gone
}

/** A schema without rows has no tables, and never had a dataset. */
function hasData({ tables }: Schema): boolean {
  return tables.values().some((table) => normalizerMarks(table)['seen-data'] === true)
}

function withoutSources(state: PipelineState, names: readonly string[]): PipelineState {
  const { sources, schema_names: known = [], ...rest } = state
  const left = Object.entries(sources ?? {}).filter(([name]) => !names.includes(name))
  return {
    ...rest,
    ...(sources !== undefined && { sources: Object.fromEntries(left) }),
    schema_names: known?.filter((name) => !names.includes(name)) ?? [],
  }
}
