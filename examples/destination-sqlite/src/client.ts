import { join, resolve } from 'node:path'
import { type DestinationClient, type DestinationContext, normalizeDatasetName } from '@dlt/destination'
import { compileSql, SqlDestinationClient, sql } from '@dlt/destination/sql'
import { namingConvention } from '@dlt/schema'
import { sqliteCapabilities } from './capabilities.ts'
import { SqliteConnection } from './connection.ts'
import type { SqliteOptions } from './destination.ts'
import { sqliteDialect } from './dialect.ts'
import { jsonLines } from './json-lines.ts'

/** The file of a dataset. */
export const datasetFile = ({ folder = '.' }: SqliteOptions, context: DestinationContext): string =>
  join(resolve(context.localDirectory, folder), `${normalizeDatasetName(context, sqliteCapabilities.identifiers)}.db`)

/** Opens a client for one dataset. */
export const connectClient = async (
  options: SqliteOptions,
  context: DestinationContext,
): Promise<DestinationClient> => {
  const { identifiers } = sqliteCapabilities
  const datasetName = normalizeDatasetName(context, identifiers)
  return new SqlDestinationClient({
    connection: new SqliteConnection(datasetFile(options, context), datasetName),
    dialect: sqliteDialect,
    capabilities: sqliteCapabilities,
    datasetName,
    ...(options.replaceStrategy !== undefined && { replaceStrategy: options.replaceStrategy }),
    pipelineName: context.pipelineName,
    naming: context.naming ?? namingConvention('snake_case', identifiers),
    // One connection writes at a time, so that others have to be patient.
    retry: { attempts: 100, firstPause: 5, longestPause: 200 },
    loader: {
      loadJob: async ({ path }, { name, columns }, { session }) => {
        const names = sql.join(columns.map((column) => sql.id(column.name)))
        // The driver of Node takes no bytes for NULL.
        const places = sql.join(columns.map(({ data_type: type }) => (type === 'binary' ? sql`unhex(?)` : sql`?`)))
        const insert = compileSql(
          sqliteDialect.createCompiler(),
          sql`INSERT INTO ${name} (${names}) VALUES (${places})`,
        )
        return session.insert(insert.sql, jsonLines(path, columns))
      },
    },
  })
}
