import type { DestinationClient } from '@dlt/destination'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'

/** One open client at a time: it serves all groups that follow each other into one dataset. */
export class ReusedClient implements AsyncDisposable {
  #open: { readonly datasetName: string; readonly client: DestinationClient } | undefined

  /** The client for a dataset; another one that was open is closed. Throws what opening it throws. */
  async for({ destination, context }: PipelineTarget): Promise<DestinationClient> {
    const { datasetName } = context
    if (this.#open?.datasetName === datasetName) return this.#open.client
    await this[Symbol.asyncDispose]()
    const client = await destination.connect(context)
    this.#open = { datasetName, client }
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.client[Symbol.asyncDispose]()
  }
}
