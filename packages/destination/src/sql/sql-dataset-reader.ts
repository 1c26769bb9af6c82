import { DltError } from '@dlt/schema'
import type { QueryCompiler } from 'kysely'
import type { DatasetReader } from '../dataset-reader.ts'
import type { SqlConnection } from './sql-connection.ts'

/** A reader over a connection, for databases that speak SQL. */
export const sqlDatasetReader = (connection: Pick<SqlConnection, 'read'>, compiler: QueryCompiler): DatasetReader => ({
  compiler,
  read: (statement) => {
    if (connection.read !== undefined) return connection.read(statement)
    throw new DltError('The destination cannot read datasets back. Read its tables with the tools of the database.', {
      code: 'UNSUPPORTED',
    })
  },
})
