import type { Destination, DestinationClient, DestinationContext } from '@dlt/destination'
import { schemaNaming } from '@dlt/schema'
import type { PipelineSession } from './pipeline-session.ts'

/** A destination, and what it is told about the pipeline. */
export interface PipelineTarget {
  readonly destination: Destination
  readonly context: DestinationContext
}

/** What a target is made of. */
export interface TargetInput {
  readonly destination: Destination
  readonly datasetName: string
  readonly credentials: unknown
}

/**
 * A destination for a pipeline, checked as far as that goes without connecting.
 * @throws DltError with a remedy
 */
export function createTarget(session: PipelineSession, input: TargetInput): PipelineTarget {
  const { destination, datasetName, credentials } = input
  const schema = session.defaultSchema
  const { maxLength } = destination.capabilities.identifiers
  const context: DestinationContext = {
    pipelineName: session.pipelineName,
    datasetName,
    localDirectory: session.state._local.initial_cwd,
    ...(schema !== undefined && { naming: schemaNaming(schema, maxLength) }),
    ...(credentials !== undefined && { credentials }),
  }
  destination.check(context)
  return { destination, context }
}

/** Opens a client for as long as `use` runs. */
export async function withClient<Result>(
  { destination, context }: PipelineTarget,
  use: (client: DestinationClient) => Promise<Result>,
): Promise<Result> {
  await using client = await destination.connect(context)
  return await use(client)
}
