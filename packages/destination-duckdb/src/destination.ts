import {
  type Destination,
  type DestinationContext,
  type DestinationFactory,
  type OpenOptions,
  refuseUnknownReplaceStrategy,
  type Setting,
} from '@dlt/destination'
import { refuseUnknownOptions } from '@dlt/schema'
import { duckdbCapabilities } from './capabilities.ts'
import { connectClient } from './connect-client.ts'
import { catalogName, databaseLocation, describeLocation } from './database-location.ts'
import { datasetNameOf, refuseDatasetNamedLikeDatabase, refuseSystemSchema } from './dataset.ts'
import { KeptMemoryDatabase } from './memory-database.ts'
import type { DuckDbOptions } from './options.ts'
import { duckdbSettings } from './settings.ts'

/** Whether the dataset's name could be mistaken for the database's; a connection of the caller is asked when it is used. */
const checkDataset = (options: DuckDbOptions, context: DestinationContext): void => {
  const location = databaseLocation(options, context)
  const catalog = catalogName(location)
  const dataset = datasetNameOf(options, context)
  refuseSystemSchema(dataset)
  refuseDatasetNamedLikeDatabase(dataset, catalog === undefined ? [] : [catalog], describeLocation(location))
}

/** Whether the options and the dataset's name can be used. */
const checkOptions = (options: DuckDbOptions, context: DestinationContext): void => {
  refuseUnknownReplaceStrategy(options.replaceStrategy, duckdbCapabilities, 'duckdb')
  checkDataset(options, context)
}

const optionOf = ({ key, option = key }: Setting): string => option

const createDestination = (options: DuckDbOptions, memory = new KeptMemoryDatabase()): Destination => {
  const given = new Set(Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [option])))
  const destination: Destination = {
    type: 'duckdb',
    name: options.name ?? 'duckdb',
    capabilities: duckdbCapabilities,
    check: (context) => checkOptions(options, context),
    connect: async (context) => {
      checkOptions(options, context)
      return connectClient(options, context, memory)
    },
    close: () => memory.close(),
    isVolatile: (context) => databaseLocation(options, context).kind === 'memory',
    describe: (context) => describeLocation(databaseLocation(options, context)),
  }
  const open: OpenOptions = {
    settings: duckdbSettings.filter((setting) => !given.has(optionOf(setting))),
    complete: (more) => createDestination(Object.assign({}, options, more), memory),
  }
  // Not enumerable: a copy with other capabilities must not turn into this one.
  return Object.defineProperty(destination, 'open', { value: open })
}

/**
 * A DuckDB destination. Nothing is opened, and the driver is not loaded, before a pipeline connects.
 *
 * @throws DltError `CONFIGURATION` for an option that it does not know
 *
 * ```ts
 * const pipeline = dlt.pipeline({ pipelineName: 'events', destination: duckdb({ credentials: 'data/events.duckdb' }) })
 * ```
 */
export const duckdb: DestinationFactory<DuckDbOptions> = Object.assign(
  (options: DuckDbOptions = {}) => {
    refuseUnknownOptions('The DuckDB destination', options, ['name', ...duckdbSettings.map(optionOf)])
    return createDestination(options)
  },
  { settings: duckdbSettings },
)
