import type { DestinationClient, DestinationContext } from '@dlt/destination'
import { compileSql, SqlDestinationClient, type SqlLoader } from '@dlt/destination/sql'
import { namingConvention } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'
import { PostgresConnection, type PostgresSession } from './connection/connection.ts'
import { openPool } from './connection/pool.ts'
import { sessionSettings } from './connection/session-settings.ts'
import { databaseOf } from './credentials/database.ts'
import { datasetNameOf } from './dataset.ts'
import { lockName, postgresDialect } from './dialect.ts'
import { copyFile, copyStatement } from './jobs/copy-job.ts'
import type { PostgresOptions } from './options.ts'

/**
 * Opens a client for one dataset.
 * @throws DestinationError where the server cannot be reached
 */
export const connectClient = async (
  options: PostgresOptions,
  context: DestinationContext,
): Promise<DestinationClient> => {
  const database = databaseOf(options, context)
  const datasetName = datasetNameOf(options, context)
  const dialect = postgresDialect({ createIndexes: options.createIndexes ?? true })
  const compiler = dialect.createCompiler()
  const loader: SqlLoader<PostgresSession> = {
    loadJob: (job, target, { session }) =>
      copyFile(session.client, compileSql(compiler, copyStatement(target)).sql, job, target),
    lockLoad: async (loadId, session) => {
      await session.query(lockName(`load:${datasetName}:${loadId}`))
    },
  }
  const pool = await openPool(database, context.workers)
  return new SqlDestinationClient({
    connection: new PostgresConnection(pool, sessionSettings(options, database.sessionTimezone)),
    dialect,
    capabilities: postgresCapabilities,
    datasetName,
    ...(options.replaceStrategy !== undefined && { replaceStrategy: options.replaceStrategy }),
    pipelineName: context.pipelineName,
    naming: context.naming ?? namingConvention('snake_case', postgresCapabilities.identifiers.maxLength),
    loader,
  })
}
