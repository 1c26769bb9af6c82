import type { Destination, DestinationClient, DestinationContext } from '@dlt/destination'
import { defaultRetryPolicy, type RetryPolicy, retryTransient } from '../load/retry-transient.ts'

/** A destination, and what it is told about the pipeline. */
export interface PipelineTarget {
  readonly destination: Destination
  readonly context: DestinationContext
  /** How patiently it is tried again when it cannot be used for a moment. Default: {@link defaultRetryPolicy}. */
  readonly retry?: RetryPolicy
}

/** Opens a client for as long as `use` runs. */
export async function withClient<Result>(
  { destination, context, retry = defaultRetryPolicy }: PipelineTarget,
  use: (client: DestinationClient) => Promise<Result>,
): Promise<Result> {
  await using client = await retryTransient(() => destination.connect(context), retry)
  return await use(client)
}
