import type { DestinationClient, DestinationContext } from '@dlt/destination'
import { compileSql, SqlDestinationClient, type SqlLoader } from '@dlt/destination/sql'
import { namingConvention } from '@dlt/schema'
import { postgresCapabilities } from './capabilities.ts'
import { PostgresConnection, type PostgresSession } from './connection/connection.ts'
import { openPool } from './connection/pool.ts'
import { sessionSettings } from './connection/session-settings.ts'
import type { ConfiguredOptions } from './credentials/configured-credentials.ts'
import { databaseOf } from './credentials/database.ts'
import { datasetNameOf } from './dataset.ts'
import { lockName, postgresDialect } from './dialect.ts'
import { copyFile, copyStatement } from './jobs/copy-job.ts'
import { withLateConstraints } from './jobs/late-constraints.ts'
import { StagedFiles } from './jobs/staged-files.ts'

/** How many connections a client holds at most, unless the pipeline says so. */
const usualConnections = 4

/**
 * Opens a client for one dataset.
 * @throws DestinationError where the server cannot be reached
 */
export const connectClient = async (
  options: ConfiguredOptions,
  context: DestinationContext,
): Promise<DestinationClient> => {
  const database = databaseOf(options, context)
  const datasetName = datasetNameOf(options, context)
  const dialect = postgresDialect({ createIndexes: options.createIndexes ?? true })
  const compiler = dialect.createCompiler()
  const connections = context.workers ?? usualConnections
  const pool = await openPool(database, connections)
  const connection = new PostgresConnection(pool, sessionSettings(options, database.sessionTimezone))
  const { pipelineName } = context
  const { replaceStrategy = 'truncate-and-insert' } = options
  const staged = new StagedFiles({ connection, compiler, dataset: datasetName, pipelineName, connections })
  const loader: SqlLoader<PostgresSession> = {
    // The other ways to replace tables load beside them anyway.
    prepareLoad: async (request) => {
      if (replaceStrategy === 'truncate-and-insert') await staged.prepare(request)
    },
    loadJob: (job, target, { session }) =>
      staged.has(job)
        ? staged.move(job, target, session)
        : copyFile(session.client, compileSql(compiler, copyStatement(target)).sql, job, target),
    writeRows: (request, session, write) =>
      withLateConstraints({ request, session, dataset: datasetName, replaceStrategy }, write),
    finishLoad: () => staged.finish(),
    lockLoad: async (loadId, session) => {
      await session.query(lockName(`load:${datasetName}:${loadId}`))
    },
  }
  return new SqlDestinationClient({
    connection,
    dialect,
    capabilities: postgresCapabilities,
    datasetName,
    replaceStrategy,
    pipelineName,
    naming: context.naming ?? namingConvention('snake_case', postgresCapabilities.identifiers),
    loader,
  })
}
