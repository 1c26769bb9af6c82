import type { Destination, DestinationClient, DestinationContext } from '@dlt/destination'

/** A destination, and what it is told about the pipeline. */
export interface PipelineTarget {
  readonly destination: Destination
  readonly context: DestinationContext
}

/** Opens a client for as long as `use` runs. */
export async function withClient<Result>(
  { destination, context }: PipelineTarget,
  use: (client: DestinationClient) => Promise<Result>,
): Promise<Result> {
  await using client = await destination.connect(context)
  return await use(client)
}
