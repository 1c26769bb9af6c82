import type { DestinationClient, DestinationContext } from '@dlt/destination'
import { createDuckDbClient } from './client.ts'
import type { DuckDbSqlConnection } from './connection.ts'
import { databaseLocation, describeLocation } from './database-location.ts'
import { datasetNameOf, refuseDatasetNamedLikeDatabase } from './dataset.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { openDatabase } from './open-database.ts'
import type { DuckDbOptions } from './options.ts'

/** Only an open connection knows what is attached to it. */
const refuseAttachedNames = async (connection: DuckDbSqlConnection, dataset: string, where: string): Promise<void> => {
  const rows = await connection.query({ sql: 'SELECT database_name FROM duckdb_databases()', parameters: [] })
  refuseDatasetNamedLikeDatabase(
    dataset,
    rows.map(({ database_name: name }) => String(name)),
    where,
  )
}

/** DuckDB reads the files of a load with its threads. */
const withWorkers = (options: DuckDbOptions, { workers }: DestinationContext): DuckDbOptions =>
  workers === undefined ? options : { ...options, settings: { threads: workers, ...options.settings } }

/**
 * Opens a client for one dataset.
 * @throws DestinationError where the database cannot be opened
 */
export const connectClient = async (
  options: DuckDbOptions,
  context: DestinationContext,
  memory: MemoryDatabase,
): Promise<DestinationClient> => {
  const location = databaseLocation(options, context)
  const connection = await openDatabase(location, withWorkers(options, context), memory, context)
  if (location.kind === 'connection')
    await refuseAttachedNames(connection, datasetNameOf(options, context), describeLocation(location))
  return createDuckDbClient(connection, options, context, connection.fileLoad)
}
