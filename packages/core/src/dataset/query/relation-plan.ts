import { type SqlFragment, sql } from '@dlt/destination/sql'
import { type ColumnSchema, DltError } from '@dlt/schema'
import { type CatalogTable, type DatasetCatalog, remedy } from '../dataset-catalog.ts'
import type { Direction, RowFilter } from './relation-step.ts'

/** A column that can be seen: how it is written, and what it holds. */
export interface PlannedColumn {
  readonly expression: SqlFragment
  readonly schema: ColumnSchema
}

/** A table that takes part, and what its columns are written with. */
export interface PlannedTable {
  readonly table: CatalogTable
  readonly alias: string
}

/** What rows are sorted by. */
export interface PlannedOrder {
  readonly column: string
  readonly expression: SqlFragment
  readonly direction: Direction
}

/** A query in the making. */
export interface RelationPlan {
  /** Base table first; none behind a limit, where keys may be gone. */
  readonly tables: readonly PlannedTable[]
  readonly aliases: number
  readonly from: SqlFragment
  readonly columns: ReadonlyMap<string, PlannedColumn>
  readonly conditions: readonly SqlFragment[]
  readonly order: readonly PlannedOrder[]
  readonly limit?: { readonly count: number; readonly offset: number }
}

/** What a relation is planned with. */
export interface PlanContext {
  readonly catalog: DatasetCatalog
  readonly filter: RowFilter
  readonly maxParameters: number
  /** For messages. */
  readonly relation: string
}

/** A column of a table that takes part. */
export const reference = (alias: string, column: string): SqlFragment => sql`${sql.id(alias)}.${sql.id(column)}`

/** A column that can be seen. @throws DltError SCHEMA with the name that was probably meant */
export function visibleColumn(plan: RelationPlan, name: string, { catalog, relation }: PlanContext): PlannedColumn {
  const column = plan.columns.get(name)
  if (column !== undefined) return column
  throw new DltError(
    `${relation} has no column "${name}". ${remedy(name, [...plan.columns.keys()], 'Its table has none.')}`,
    { code: 'SCHEMA', context: { dataset: catalog.datasetName, column: name } },
  )
}
