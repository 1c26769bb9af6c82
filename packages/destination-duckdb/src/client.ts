import type { DestinationClient, DestinationContext } from '@dlt/destination'
import { type SqlConnection, SqlDestinationClient } from '@dlt/destination/sql'
import { namingConvention } from '@dlt/schema'
import { duckdbCapabilities } from './capabilities.ts'
import type { DuckDbSqlConnection } from './connection.ts'
import { databaseLocation, describeLocation } from './database-location.ts'
import { datasetNameOf, refuseDatasetNamedLikeDatabase } from './dataset.ts'
import { duckdbDialect } from './dialect.ts'
import { realPathOf } from './file-instances.ts'
import { loadJob } from './jobs/load-job.ts'
import type { LoadMemory } from './load-memory.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { openDatabase } from './open-database.ts'
import type { DuckDbOptions } from './options.ts'
import { whileHolding } from './table-locks.ts'

/** Only an open connection knows what is attached to it. */
const refuseAttachedNames = async (connection: DuckDbSqlConnection, dataset: string, where: string): Promise<void> => {
  const rows = await connection.query({ sql: 'SELECT database_name FROM duckdb_databases()', parameters: [] })
  refuseDatasetNamedLikeDatabase(
    dataset,
    rows.map(({ database_name: name }) => String(name)),
    where,
  )
}

/** A client over an open connection. */
export const createDuckDbClient = (
  connection: SqlConnection,
  options: DuckDbOptions,
  context: DestinationContext,
  memory?: LoadMemory,
): SqlDestinationClient => {
  const datasetName = datasetNameOf(options, context)
  const location = databaseLocation(options, context)
  // What is not a file may be one database.
  const database = location.kind === 'file' ? realPathOf(location.path) : 'memory'
  return new SqlDestinationClient({
    connection,
    dialect: duckdbDialect({ createIndexes: options.createIndexes ?? false }),
    capabilities: duckdbCapabilities,
    datasetName,
    ...(options.replaceStrategy !== undefined && { replaceStrategy: options.replaceStrategy }),
    pipelineName: context.pipelineName,
    naming: context.naming ?? namingConvention('snake_case', duckdbCapabilities.identifiers.maxLength),
    loader: {
      prepareLoad: async (jobs) =>
        memory?.beforeLoad(jobs.filter(({ format }) => format === 'parquet').map(({ path }) => path)),
      loadJob: async (job, target, executor) => {
        // Other formats are for packages that are small.
        if (job.format === 'parquet') await memory?.beforeFile(job.path)
        return loadJob(job, target, executor)
      },
      whileLocked: (tables, run) =>
        whileHolding(
          tables.map((table) => JSON.stringify([database, datasetName, table].map((name) => name.toLowerCase()))),
          run,
        ),
    },
  })
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
  return createDuckDbClient(connection, options, context, connection.memory)
}
