import type { DestinationContext } from '@dlt/destination'
import { type SqlConnection, SqlDestinationClient } from '@dlt/destination/sql'
import { namingConvention } from '@dlt/schema'
import { duckdbCapabilities } from './capabilities.ts'
import { databaseLocation } from './database-location.ts'
import { datasetNameOf } from './dataset.ts'
import { duckdbDialect } from './dialect.ts'
import { realPathOf } from './file-instances.ts'
import type { FileLoad } from './file-load.ts'
import { loadJob } from './jobs/load-job.ts'
import { insertInAnyOrder, insertTogether } from './jobs/parquet-job.ts'
import type { DuckDbOptions } from './options.ts'
import { whileHolding } from './table-locks.ts'

/** A client over an open connection. */
export const createDuckDbClient = (
  connection: SqlConnection,
  options: DuckDbOptions,
  context: DestinationContext,
  fileLoad?: FileLoad,
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
    naming: context.naming ?? namingConvention('snake_case', duckdbCapabilities.identifiers),
    loader: {
      prepareLoad: async ({ jobs }) =>
        fileLoad?.beforeLoad(jobs.filter(({ format }) => format === 'parquet').map(({ path }) => path)),
      finishLoad: async () => fileLoad?.afterLoad(),
      loadJob: async (job, target, executor) => {
        // Other formats are for packages that are small.
        if (job.format === 'parquet') await fileLoad?.beforeFiles(job.path)
        return loadJob(job, target, executor)
      },
      loadTogether: async (jobs, target, executor) => {
        if (fileLoad === undefined || jobs.some(({ format }) => format !== 'parquet')) return undefined
        const inserted =
          target.insertionOrder === 'any' ? await insertInAnyOrder(jobs, target, executor, fileLoad) : undefined
        if (inserted !== undefined || !fileLoad.keepsRows) return inserted
        return insertTogether(jobs, target, executor, fileLoad)
      },
      whileLocked: ({ loadId, tables }, run) =>
        whileHolding(
          [`load ${loadId}`, ...tables.map((table) => `table ${table}`)].map((lock) =>
            JSON.stringify([database, datasetName, lock].map((name) => name.toLowerCase())),
          ),
          run,
        ),
    },
  })
}
