import type { Destination } from '@dlt/destination'
import { dropTables, type Schema } from '@dlt/schema'
import { tablesOfResources } from '../declare/compute-table-schema.ts'
import { verifyDispositions } from '../dispositions/verify-dispositions.ts'
import type { ExtractSource } from '../extract/plan-sources.ts'
import type { SourceRefresh } from '../packages/source-refresh.ts'

/**
 * Checks, before anything is read, whether the destination can load the tables of sources as they say. Hints that are functions of an
 * item are checked when the items are read.
 *
 * @param known the schemas that the pipeline has
 * @throws DltError `UNSUPPORTED` and `SCHEMA`, naming the table and what to do
 */
export function checkDispositions(
  sources: readonly ExtractSource[],
  known: ReadonlyMap<string, Schema>,
  destination: Destination,
): void {
  for (const { name, resources, schema, refresh } of sources) {
    const declared = tablesOfResources(resources, schema)
    verifyDispositions(declared.schema, declared.tableNames, destination, withoutDropped(known.get(name), refresh))
  }
}

/** What the destination has when the rows are loaded: tables that are dropped before have none. */
export function withoutDropped(
  schema: Schema | undefined,
  refresh: Pick<SourceRefresh, 'dropTables'> | undefined,
): Schema | undefined {
  return schema === undefined || refresh === undefined ? schema : dropTables(schema, refresh.dropTables)
}
