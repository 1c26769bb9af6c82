import type { AppliedSchemaChange, SchemaComparison } from '@dlt/destination'
import {
  type ColumnSchema,
  isCompleteColumn,
  isDltTable,
  rootTableOf,
  type Schema,
  schemaNaming,
  type TableSchema,
} from '@dlt/schema'
import type { PlannedColumn, PlannedTable, PlannedType } from './run-plan.ts'

/** One package of a plan, and what it meets. */
export interface PlannedPackage {
  /** The schema before the run; absent where the run brings it. */
  readonly before: Schema | undefined
  /** The schema that the run results in. */
  readonly after: Schema
  readonly rowCounts: ReadonlyMap<string, number>
  /** How files are written, by table. */
  readonly formats: ReadonlyMap<string, string>
  readonly datasetName: string
  /** What the dataset lacks; absent where the destination cannot tell: then the schema before says what it has. */
  readonly comparison: SchemaComparison | undefined
  /** Tables that are dropped before. */
  readonly dropTables: readonly string[]
}

/** The tables of a package that get rows or change. */
export function plannedTables(planned: PlannedPackage): readonly PlannedTable[] {
  const { after, rowCounts } = planned
  const prefix = schemaNaming(after).normalizeTableIdentifier('_dlt')
  return [...after.tables.values()]
    .filter(({ name }) => !isDltTable(name, prefix))
    .map((table) => plannedTable(planned, table))
    .filter(({ change, tableName }) => change !== 'none' || rowCounts.has(tableName))
}

function plannedTable(planned: PlannedPackage, table: TableSchema): PlannedTable {
  const { before, after, rowCounts, formats, datasetName, comparison, dropTables } = planned
  const known = dropTables.includes(table.name) ? undefined : before?.tables.get(table.name)
  const { created, columns } = missing(comparison, table, known, rowCounts.has(table.name))
  const newTypes = changedTypes(table, known)
  const { alteredColumns = [] } = ofTable(comparison, table) ?? {}
  const format = formats.get(table.name)
  return {
    schemaName: after.name,
    datasetName,
    tableName: table.name,
    change: created ? 'create' : columns.length + newTypes.length + alteredColumns.length > 0 ? 'alter' : 'none',
    newColumns: columns.map(plannedColumn),
    newTypes,
    alteredColumns,
    rows: rowCounts.get(table.name) ?? 0,
    writeDisposition: rootTableOf(after, table.name).write_disposition ?? 'append',
    ...(format !== undefined && { format }),
  }
}

function ofTable(comparison: SchemaComparison | undefined, { name }: TableSchema): AppliedSchemaChange | undefined {
  return comparison?.changes.find(({ tableName }) => tableName === name)
}

function missing(
  comparison: SchemaComparison | undefined,
  table: TableSchema,
  known: TableSchema | undefined,
  hasRows: boolean,
): { readonly created: boolean; readonly columns: readonly ColumnSchema[] } {
  if (comparison !== undefined) {
    const { created = false, columns = [] } = ofTable(comparison, table) ?? {}
    return { created, columns }
  }
  const isKnown = (name: string): boolean => {
    const column = known?.columns.get(name)
    return column !== undefined && isCompleteColumn(column)
  }
  const columns = [...table.columns.values()].filter((column) => isCompleteColumn(column) && !isKnown(column.name))
  const hasTable = known?.['x-normalizer'] !== undefined
  return { created: !hasTable && hasRows, columns: hasTable || hasRows ? columns : [] }
}

function changedTypes(table: TableSchema, known: TableSchema | undefined): readonly PlannedType[] {
  return [...table.columns.values()].flatMap((column) => {
    const { data_type: from } = known?.columns.get(column.name) ?? {}
    const { data_type: to } = column
    return from === undefined || to === undefined || from === to ? [] : [{ column: column.name, from, to }]
  })
}

function plannedColumn({ name, data_type: dataType = 'text', nullable = true }: ColumnSchema): PlannedColumn {
  return { name, dataType, nullable }
}
