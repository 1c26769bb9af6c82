import { type DestinationContext, normalizeDatasetName } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'
import type { PostgresOptions } from './options.ts'

/** The dataset's name at the destination, by the options. */
export const datasetNameOf = (options: PostgresOptions, context: DestinationContext): string =>
  options.normalizeDatasetName === false
    ? context.datasetName
    : normalizeDatasetName(context, postgresCapabilities.identifiers)

/**
 * Refuses a dataset in which no table can be made.
 * @throws DltError CONFIGURATION with the remedy
 */
export const refuseSystemSchema = (dataset: string): void => {
  if (dataset !== 'information_schema' && !dataset.startsWith('pg_')) return
  throw new DltError(
    `The dataset "${dataset}" has the name of a schema that Postgres keeps for itself. Choose another dataset name.`,
    { code: 'CONFIGURATION', context: { destination: 'postgres', dataset } },
  )
}
