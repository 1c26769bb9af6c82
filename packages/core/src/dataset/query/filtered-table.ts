import { qualifiedName, type SqlFragment, sql } from '@dlt/destination/sql'
import { DltError } from '@dlt/schema'
import type { CatalogTable, DatasetCatalog } from '../dataset-catalog.ts'
import type { RowFilter } from './relation-step.ts'

/** Tells rows of a table by their load id. */
type LoadCondition = (loadId: SqlFragment) => SqlFragment

/** The column of a table that relates nested rows with those they stand in. */
export function keyColumn({ columns }: CatalogTable, hint: 'row_key' | 'parent_key' | 'root_key'): string | undefined {
  for (const column of columns.values()) if (column[hint] === true) return column.name
  return undefined
}

/** The tables above a nested table, its parent first; none for a root table. */
export function ancestorsOf(catalog: DatasetCatalog, table: CatalogTable): readonly CatalogTable[] {
  const ancestors: CatalogTable[] = []
  let { parent } = table.schema
  while (parent !== undefined && ancestors.length <= catalog.tables.size) {
    const next = catalog.tables.get(parent)
    if (next === undefined) break
    ancestors.push(next)
    parent = next.schema.parent
  }
  return ancestors
}

function loadColumn({ columns, loadIdColumn }: CatalogTable): SqlFragment | undefined {
  return columns.has(loadIdColumn) ? sql.id(loadIdColumn) : undefined
}

/** Rows of a nested table whose parent, or whose root where they know it, is among others. */
function amongParents(
  table: CatalogTable,
  above: readonly CatalogTable[],
  dataset: string,
  condition: LoadCondition,
): SqlFragment | undefined {
  const own = loadColumn(table)
  if (own !== undefined) return condition(own)
  const root = above.at(-1)
  const rootKey = keyColumn(table, 'root_key')
  const [parent, ...higher] = rootKey === undefined || root === undefined ? above : [root]
  const key = rootKey ?? keyColumn(table, 'parent_key')
  if (parent === undefined || key === undefined) return undefined
  const parentRow = keyColumn(parent, 'row_key')
  const inParent = amongParents(parent, higher, dataset, condition)
  if (parentRow === undefined || inParent === undefined) return undefined
  return sql`${sql.id(key)} IN (SELECT ${sql.id(parentRow)} FROM ${qualifiedName(dataset, parent.name)} WHERE ${inParent})`
}

function conditionOnLoads(catalog: DatasetCatalog, table: CatalogTable, condition: LoadCondition) {
  return amongParents(table, ancestorsOf(catalog, table), catalog.datasetName, condition)
}

function ofLoads(catalog: DatasetCatalog, table: CatalogTable, loadIds: readonly string[]): SqlFragment {
  const { loads } = catalog.system
  if (loadIds.length === 0) return sql`1 = 0`
  const listed = sql.join(loadIds.map((loadId) => sql`${loadId}`))
  if (table.name === loads.table) return sql`${sql.id(loads.loadId)} IN (${listed})`
  const found = conditionOnLoads(catalog, table, (column) => sql`${column} IN (${listed})`)
  if (found !== undefined) return found
  throw new DltError(
    `Rows of the table "${table.name}" do not know which load brought them: it has no column "${table.loadIdColumn}", and neither has its root table.`,
    { code: 'SCHEMA', context: { dataset: catalog.datasetName, table: table.name } },
  )
}

/** Tables whose rows know no load are complete. */
function committed(catalog: DatasetCatalog, table: CatalogTable): SqlFragment | undefined {
  const { loads } = catalog.system
  if (table.name === loads.table) return sql`${sql.id(loads.status)} = 0`
  const finished = sql`SELECT ${sql.id(loads.loadId)} FROM ${qualifiedName(catalog.datasetName, loads.table)} WHERE ${sql.id(loads.status)} = 0`
  return conditionOnLoads(catalog, table, (column) => sql`${column} IN (${finished})`)
}

/** What stands behind FROM for a table: its name, or a query for those of its rows that take part. */
export function filteredTable(catalog: DatasetCatalog, table: CatalogTable, filter: RowFilter): SqlFragment {
  const name = qualifiedName(catalog.datasetName, table.name)
  const conditions = [
    ...(filter.loadIds === undefined ? [] : [ofLoads(catalog, table, filter.loadIds)]),
    ...(filter.committedOnly ? [committed(catalog, table)] : []),
  ].filter((condition) => condition !== undefined)
  if (conditions.length === 0) return name
  return sql`(SELECT * FROM ${name} WHERE ${sql.join(conditions, sql` AND `)})`
}

/** Whether rows of a table know which load brought them, themselves or through the row they were nested in. */
export function knowsLoads(catalog: DatasetCatalog, table: CatalogTable): boolean {
  return table.name === catalog.system.loads.table || conditionOnLoads(catalog, table, (column) => column) !== undefined
}
