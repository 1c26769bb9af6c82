import {
  type Destination,
  type DestinationContext,
  type DestinationFactory,
  type OpenOptions,
  refuseUnknownReplaceStrategy,
  type Setting,
} from '@dlt/destination'
import { DltError, refuseUnknownOptions } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'
import type { ConfiguredOptions } from './credentials/configured-credentials.ts'
import { databaseOf, describeDatabase, isParts } from './credentials/database.ts'
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
const checkOptions = (options: ConfiguredOptions, context: DestinationContext): void => {
  refuseUnknownReplaceStrategy(options.replaceStrategy, postgresCapabilities, 'postgres')
  checkMilliseconds('lockTimeout', options.lockTimeout)
  checkMilliseconds('statementTimeout', options.statementTimeout)
  databaseOf(options, context)
  refuseSystemSchema(datasetNameOf(options, context))
}

/** What is configured completes credentials in code, too; a pool is complete. */
const mayComplete = (credentials: unknown): boolean =>
  credentials === undefined || typeof credentials === 'string' || isParts(credentials)

const optionOf = ({ key, option = key }: Setting): string => option

const openSettings = ({ configuredCredentials, ...options }: ConfiguredOptions): readonly Setting[] => {
  const given = new Set(Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [option])))
  return postgresSettings.filter((setting) =>
    setting.key === 'credentials'
      ? configuredCredentials === undefined && mayComplete(options.credentials)
      : !given.has(optionOf(setting)),
  )
}

const createDestination = (options: ConfiguredOptions): Destination => {
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
    settings: openSettings(options),
    complete: ({ credentials, ...more }) =>
      createDestination(
        Object.assign({}, options, more, credentials !== undefined && { configuredCredentials: credentials }),
      ),
  }
  // Not enumerable: a copy with other capabilities must not turn into this one.
  return Object.defineProperty(destination, 'open', { value: open })
}

/**
 * A Postgres destination. Nothing is connected, and the driver is not loaded, before a pipeline connects.
 *
 * @throws DltError `CONFIGURATION` for an option that it does not know
 *
 * ```ts
 * const pipeline = dlt.pipeline({ pipelineName: 'events', destination: postgres({ credentials: 'postgresql://loader@db.example/events' }) })
 * ```
 */
export const postgres: DestinationFactory<PostgresOptions> = Object.assign(
  (options: PostgresOptions = {}) => {
    refuseUnknownOptions('The Postgres destination', options, ['name', ...postgresSettings.map(optionOf)])
    return createDestination(options)
  },
  { settings: postgresSettings },
)
