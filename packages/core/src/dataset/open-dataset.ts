import type { DestinationContext } from '@dlt/destination'
import { refuseUnknownOptions, schemaNaming } from '@dlt/schema'
import { scriptFolder } from '../destinations/executing-script.ts'
import { resolveDestination } from '../destinations/resolve-destination.ts'
import { Dataset } from './dataset.ts'
import { type DatasetOptions, DatasetSchemas, datasetOptions } from './dataset-options.ts'
import type { UntypedDatabase } from './row-types.ts'

/**
 * A dataset for reading, without the pipeline that loads it. Its schemas are read from the dataset, unless they are given.
 *
 * ```ts
 * const dataset = dlt.dataset({ destination: 'duckdb', datasetName: 'github_data' })
 * ```
 *
 * @throws DltError `CONFIGURATION` for an option that does not exist; what concerns the destination is thrown by the methods
 */
export function dataset<Database extends object = UntypedDatabase>(options: DatasetOptions): Dataset<Database> {
  refuseUnknownOptions('dlt.dataset', options, datasetOptions)
  const { destination: input, datasetName, credentials, pipelineName = datasetName } = options
  const [schema] = new DatasetSchemas(options.schema).given ?? []
  // One destination for all reads: a database in memory belongs to it.
  let resolved: ReturnType<typeof resolveDestination> | undefined
  return new Dataset<Database>(async () => {
    resolved ??= resolveDestination(input, { from: scriptFolder(), pipelineName })
    const destination = await resolved
    const context: DestinationContext = {
      pipelineName,
      datasetName,
      localDirectory: process.cwd(),
      ...(schema !== undefined && { naming: schemaNaming(schema, destination.capabilities.identifiers) }),
      ...(credentials !== undefined && { credentials }),
    }
    destination.check(context)
    return { destination, context }
  }, options)
}
