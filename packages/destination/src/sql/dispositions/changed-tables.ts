import { rootTableOf } from '@dlt/schema'
import type { LoadRequest } from '../../destination.ts'

/** The root tables of which a load changes or removes rows, in the order of their names: whoever locks them waits in one order with others. */
export const changedTables = ({ schema, jobs, truncateTables }: LoadRequest): readonly string[] => {
  const roots = jobs
    .filter(({ tableName }) => schema.tables.has(tableName))
    .map(({ tableName }) => rootTableOf(schema, tableName))
    .filter(({ write_disposition: disposition }) => disposition === 'merge')
    .map(({ name }) => name)
  return [...new Set([...roots, ...truncateTables])].sort()
}
