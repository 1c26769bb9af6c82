import type { DatasetReader, DestinationClient } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { type DatasetCatalog, readCatalog } from './dataset-catalog.ts'
import type { DatasetSchemas } from './dataset-options.ts'

/** A dataset while it is open for reading. */
export class DatasetSession implements AsyncDisposable {
  readonly reader: DatasetReader
  readonly target: PipelineTarget
  readonly #client: DestinationClient
  readonly #schemas: DatasetSchemas
  #catalog: Promise<DatasetCatalog> | undefined

  constructor(client: DestinationClient, reader: DatasetReader, target: PipelineTarget, schemas: DatasetSchemas) {
    this.#client = client
    this.reader = reader
    this.target = target
    this.#schemas = schemas
  }

  /** Name of the dataset at the destination, normalized. */
  get datasetName(): string {
    return this.#client.datasetName
  }

  /** What the dataset holds, by its schemas. @throws DestinationError `undefined-entity` where the dataset does not exist */
  catalog(): Promise<DatasetCatalog> {
    this.#catalog ??= readCatalog(this.#client, this.reader, this.target, this.#schemas)
    return this.#catalog
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]()
  }
}

/**
 * Opens a dataset for reading; nothing is created.
 * @throws DestinationError where it cannot be reached; DltError `UNSUPPORTED` where the destination cannot be read
 */
export const openSession = async (target: PipelineTarget, schemas: DatasetSchemas): Promise<DatasetSession> => {
  const { destination } = target
  const context = { ...target.context, readOnly: true }
  const client = await destination.connect(context)
  const reader = client.reader?.()
  if (reader !== undefined && destination.capabilities.reading !== undefined)
    return new DatasetSession(client, reader, { destination, context }, schemas)
  await client[Symbol.asyncDispose]()
  throw new DltError(
    `The destination "${destination.name}" cannot read datasets back. Read its tables with the tools of the destination.`,
    { code: 'UNSUPPORTED', context: { destination: destination.name } },
  )
}
