import { type SqlFragment, sql } from '@dlt/destination/sql'
import { DltError } from '@dlt/schema'
import type { CatalogTable, DatasetCatalog } from './dataset-catalog.ts'
import type { DatasetSession } from './dataset-session.ts'
import { filteredTable, knowsLoads } from './query/filtered-table.ts'
import { readAll } from './query/read-all.ts'

/** What is counted. */
export interface CountOptions {
  readonly system?: boolean
  readonly tables?: readonly string[]
  readonly loadId?: string
  readonly committedOnly?: boolean
}

/** Tables that one query counts. */
const tablesAtOnce = 100

/** Names of the tables of a dataset. */
export function tablesOf({ tables }: DatasetCatalog, { system = false }: { readonly system?: boolean }): string[] {
  return [...tables.values()].filter(({ isSystem }) => system || !isSystem).map(({ name }) => name)
}

function countedTables(catalog: DatasetCatalog, options: CountOptions): readonly CatalogTable[] {
  if (options.tables !== undefined) return options.tables.map((name) => catalog.table(name))
  const all = tablesOf(catalog, options).map((name) => catalog.table(name))
  return options.loadId === undefined ? all : all.filter((table) => knowsLoads(catalog, table))
}

/** Counts the rows of tables, of some tables with one query. */
export async function readRowCounts(
  session: DatasetSession,
  options: CountOptions,
): Promise<Readonly<Record<string, number>>> {
  const catalog = await session.catalog()
  const { loadId, committedOnly = !session.target.destination.capabilities.load.transactional } = options
  const filter = { committedOnly, ...(loadId !== undefined && { loadIds: [loadId] }) }
  const tables = countedTables(catalog, options)
  const counts = new Map<string, number>()
  for (let start = 0; start < tables.length; start += tablesAtOnce) {
    const some = tables.slice(start, start + tablesAtOnce)
    const queries = some.map((table, index): SqlFragment => {
      const position = sql.raw(String(index))
      return sql`SELECT ${position} AS position, count(*) AS row_count FROM ${filteredTable(catalog, table, filter)} AS t`
    })
    for (const { position, row_count: count } of await readAll(session.reader, sql.join(queries, sql` UNION ALL `)))
      counts.set(nameAt(some, Number(position)), Number(count))
  }
  return Object.fromEntries(tables.map(({ name }) => [name, counts.get(name) ?? 0]))
}

function nameAt(tables: readonly CatalogTable[], position: number): string {
  const table = tables[position]
  if (table !== undefined) return table.name
  throw new DltError('The destination answered with a count of a table that it was not asked for.', {
    code: 'DESTINATION',
  })
}
