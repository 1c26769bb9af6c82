import type { DestinationClient } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { type PipelineTarget, withClient } from '../destinations/pipeline-target.ts'
import { decodeStoredSchema } from '../state/stored-state.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** Where schemas are read from. */
export interface SchemaSource {
  readonly main: PipelineTarget
  /** Open for the pipeline's own dataset. */
  readonly client: DestinationClient
  targetOf(schemaName: string): PipelineTarget
}

/** Reads schemas from the datasets that hold their tables. One that is missing is a warning. */
export async function downloadSchemas(
  session: PipelineSession,
  names: readonly string[],
  { main, client, targetOf }: SchemaSource,
): Promise<ReadonlyMap<string, Schema>> {
  const schemas = new Map<string, Schema>()
  for (const name of names) {
    const target = targetOf(name)
    const schema =
      target.context.datasetName === main.context.datasetName
        ? await download(session, client, name)
        : await withClient(target, (own) => download(session, own, name))
    if (schema !== undefined) schemas.set(name, schema)
  }
  return schemas
}

async function download(
  { logger, pipelineName }: PipelineSession,
  client: DestinationClient,
  name: string,
): Promise<Schema | undefined> {
  const dataset = `dataset "${client.datasetName}"`
  const stored = await client.storedSchema(name)
  if (stored !== undefined) return decodeStoredSchema(stored.schema, name, dataset)
  logger.warning(`Pipeline "${pipelineName}": ${dataset} does not have the schema "${name}" that its state names.`)
  return undefined
}
