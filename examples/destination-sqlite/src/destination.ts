import {
  type Destination,
  type DestinationContext,
  type DestinationFactory,
  normalizeDatasetName,
} from '@dlt/destination'
import { DltError, type ReplaceStrategy, refuseUnknownOptions } from '@dlt/schema'
import { sqliteCapabilities } from './capabilities.ts'

/** Options of the SQLite destination. */
export interface SqliteOptions {
  /** Folder of the files, one per dataset. Default: the current directory. */
  readonly folder?: string
  /** How tables are replaced. Default: `truncate-and-insert`. */
  readonly replaceStrategy?: ReplaceStrategy
}

const check = (context: DestinationContext): void => {
  const dataset = normalizeDatasetName(context, sqliteCapabilities.identifiers)
  if (!['main', 'temp'].includes(dataset.toLowerCase())) return
  throw new DltError(`SQLite keeps the name "${dataset}" for itself. Choose another dataset name.`, {
    code: 'CONFIGURATION',
    context: { dataset },
  })
}

const createDestination = (options: SqliteOptions): Destination => ({
  type: 'sqlite',
  name: 'sqlite',
  capabilities: sqliteCapabilities,
  check,
  connect: async (context) => {
    check(context)
    const { connectClient } = await import('./client.ts')
    return connectClient(options, context)
  },
  describe: (context) => `sqlite, dataset ${context.datasetName} in ${options.folder ?? context.localDirectory}`,
})

/** A SQLite destination: a file for each dataset. */
export const sqlite: DestinationFactory<SqliteOptions> = Object.assign(
  (options: SqliteOptions = {}) => {
    refuseUnknownOptions('The SQLite destination', options, ['name', 'folder', 'replaceStrategy'])
    return createDestination(options)
  },
  { settings: [] },
)
