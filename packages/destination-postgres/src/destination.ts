import {
  type Destination,
  type DestinationContext,
  type DestinationFactory,
  type OpenOptions,
  refuseUnknownReplaceStrategy,
} from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'
import { databaseOf, describeDatabase } from './credentials/database.ts'
import { datasetNameOf, refuseSystemSchema } from './dataset.ts'
import type { PostgresOptions } from './options.ts'
import { postgresSettings } from './settings.ts'

const longest = 2 ** 31 - 1

/** Both stand in statements as they are. */
const checkMilliseconds = (option: 'lockTimeout' | 'statementTimeout', value: unknown): void => {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longest))
    return
  throw new DltError(`The option "${option}" of the Postgres destination is no integer from 0 to ${longest}.`, {
    code: 'CONFIGURATION',
    context: { destination: 'postgres' },
  })
}

/** Whether the options and the dataset's name can be used. */
const checkOptions = (options: PostgresOptions, context: DestinationContext): void => {
  refuseUnknownReplaceStrategy(options.replaceStrategy, postgresCapabilities, 'postgres')
  checkMilliseconds('lockTimeout', options.lockTimeout)
  checkMilliseconds('statementTimeout', options.statementTimeout)
  databaseOf(options, context)
  refuseSystemSchema(datasetNameOf(options, context))
}

const createDestination = (options: PostgresOptions): Destination => {
  const given = new Set(Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [option])))
  const destination: Destination = {
    type: 'postgres',
    name: options.name ?? 'postgres',
    capabilities: postgresCapabilities,
    check: (context) => checkOptions(options, context),
    connect: async (context) => {
      checkOptions(options, context)
      // The SQL layer and the driver take a tenth of a second to load; a process that only extracts needs neither.
      const { connectClient } = await import('./client.ts')
      return connectClient(options, context)
    },
    describe: (context) => describeDatabase(databaseOf(options, context)),
  }
  const open: OpenOptions = {
    settings: postgresSettings.filter(({ key, option = key }) => !given.has(option)),
    complete: (more) => createDestination(Object.assign({}, options, more)),
  }
  // Not enumerable: a copy with other capabilities must not turn into this one.
  return Object.defineProperty(destination, 'open', { value: open })
}

/**
 * A Postgres destination. Nothing is connected, and the driver is not loaded, before a pipeline connects.
 *
 * ```ts
 * const pipeline = dlt.pipeline({ pipelineName: 'events', destination: postgres({ credentials: 'postgresql://loader@db.example/events' }) })
 * ```
 */
export const postgres: DestinationFactory<PostgresOptions> = Object.assign(
  (options: PostgresOptions = {}) => createDestination(options),
  { settings: postgresSettings },
)
