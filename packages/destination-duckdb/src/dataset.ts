import { type DestinationContext, normalizeDatasetName } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { duckdbCapabilities } from './capabilities.ts'
import type { DuckDbOptions } from './options.ts'

/** The dataset's name at the destination, by the options. */
export const datasetNameOf = (options: DuckDbOptions, context: DestinationContext): string =>
  options.normalizeDatasetName === false
    ? context.datasetName
    : normalizeDatasetName(context, duckdbCapabilities.identifiers)

/** Schemas that every DuckDB database has and nobody can write to. */
const systemSchemas = ['information_schema', 'pg_catalog']

/**
 * Refuses a dataset in which no table can be made.
 * @throws DltError CONFIGURATION with the remedy
 */
export const refuseSystemSchema = (dataset: string): void => {
  if (!systemSchemas.includes(dataset.toLowerCase())) return
  throw new DltError(
    `The dataset "${dataset}" has the name of a schema that DuckDB keeps for itself. Choose another dataset name.`,
    { code: 'CONFIGURATION', context: { destination: 'duckdb', dataset } },
  )
}

/** Databases that every DuckDB instance has attached. */
const builtIn = ['system', 'temp']

/**
 * Refuses a dataset that has the name of an attached database: `"events"."users"` would mean two things.
 * @throws DltError CONFIGURATION with the remedy
 */
export const refuseDatasetNamedLikeDatabase = (dataset: string, databases: readonly string[], where: string): void => {
  const name = dataset.toLowerCase()
  const conflict = [...databases, ...builtIn].find((database) => database.toLowerCase() === name)
  if (conflict === undefined) return
  const remedy = builtIn.includes(name)
    ? 'Choose another dataset name.'
    : `Choose another dataset name, or give the file another name such as "${conflict}_db.duckdb".`
  throw new DltError(
    `The dataset "${dataset}" has the name of a DuckDB database (${where}), so that names of tables would be ambiguous. ${remedy}`,
    { code: 'CONFIGURATION', context: { destination: 'duckdb', dataset } },
  )
}
