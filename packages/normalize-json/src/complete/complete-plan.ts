import {
  type ColumnSchema,
  createTable,
  DltError,
  isCompleteColumn,
  type JsonValue,
  type Schema,
  type SchemaDiff,
  type TableSchema,
  updateTables,
  withRecordedColumnNames,
  withRecordedTableNames,
} from '@dlt/schema'
import type { PageFindings } from '../normalize/page-findings.ts'
import type { NameCollision, NormalizationPlan, NormalizationWarning, TablePlan } from '../plan/normalization-plan.ts'
import { columnsInOrder, type PagedFindings } from './column-order.ts'

/** A package's outcome for one root table. */
export interface CompletedPlan {
  /** The schema with the new tables and columns; version and hash are those of the given one. */
  readonly schema: Schema
  /** New tables and columns, without changes of `x-` keys. */
  readonly diff: SchemaDiff
  /** Rows by table; only tables that got some. */
  readonly rowCounts: ReadonlyMap<string, number>
  readonly collisions: readonly NameCollision[]
  readonly warnings: readonly NormalizationWarning[]
}

/**
 * Adds to a schema what a package brought: tables and columns in the order in which reading row by row would have made them.
 *
 * @param findings of all pages, in their order.
 * @param schema the one that was planned with, or one that other root tables of the package changed since.
 * @throws DltError `SCHEMA` when a column that must not be null was declared without a data type and never got a value.
 */
export function completePlan(plan: NormalizationPlan, findings: Iterable<PageFindings>, schema: Schema): CompletedPlan {
  const byTable = groupFindings(findings)
  const rowCounts = new Map<string, number>()
  const partials: TableSchema[] = []
  plan.tables.forEach((table, position) => {
    const pages = byTable.get(position)
    if (pages === undefined) return
    const partial = newColumns(schema, table, pages)
    if (partial !== undefined) partials.push(partial)
    const rows = pages.reduce((sum, page) => sum + page.findings.rowCount, rowCounts.get(table.name) ?? 0)
    rowCounts.set(table.name, rows)
  })
  const { schema: evolved, diff } = updateTables(schema, partials)
  const filled = new Map([...rowCounts].filter(([, rows]) => rows > 0))
  for (const name of filled.keys()) requireTypes(plan.schemaName, evolved.tables.get(name))
  const marked = markSeen(recordNames(evolved, plan), rowCounts.keys())
  const { collisions, warnings } = plan
  return { schema: marked, diff, rowCounts: filled, collisions, warnings }
}

function groupFindings(findings: Iterable<PageFindings>): ReadonlyMap<number, PagedFindings[]> {
  const byTable = new Map<number, PagedFindings[]>()
  let page = 0
  for (const { tables } of findings) {
    for (const table of tables) {
      const pages = byTable.get(table.table)
      if (pages === undefined) byTable.set(table.table, [{ page, findings: table }])
      else pages.push({ page, findings: table })
    }
    page += 1
  }
  return byTable
}

/** A table with the columns that a package adds to it; undefined when the schema has them all. */
function newColumns(schema: Schema, table: TablePlan, pages: readonly PagedFindings[]): TableSchema | undefined {
  const stored = schema.tables.get(table.name)
  const columns = columnsInOrder(table, pages).filter((column) => !isStored(stored, column))
  return columns.length === 0 && stored !== undefined ? undefined : partialTable(table, stored, columns)
}

/** Whether a table has a column, with the type that the plan gives it. */
function isStored(stored: TableSchema | undefined, { name, data_type, precision, scale }: ColumnSchema): boolean {
  const column = stored?.columns.get(name)
  if (column === undefined || !isCompleteColumn(column)) return false
  return column.data_type === data_type && column.precision === precision && column.scale === scale
}

function partialTable(
  table: TablePlan,
  stored: TableSchema | undefined,
  columns: readonly ColumnSchema[],
): TableSchema {
  if (stored !== undefined) return { ...stored, columns: new Map(columns.map((column) => [column.name, column])) }
  return table.parentName === undefined
    ? createTable(table.name, { columns })
    : createTable(table.name, { parent: table.parentName, columns })
}

function requireTypes(schema: string, table: TableSchema | undefined): void {
  const unbound = table?.columns.values().find((column) => !isCompleteColumn(column) && column.nullable === false)
  if (table === undefined || unbound === undefined) return
  const message = `Column "${unbound.name}" of table "${table.name}" was declared as not null (or as a key) but no row has a value for it. Check the name of the column, fill it, or declare its data type.`
  throw new DltError(message, { code: 'SCHEMA', context: { schema, table: table.name, column: unbound.name } })
}

function recordNames(schema: Schema, plan: NormalizationPlan): Schema {
  const lists = plan.tables.map((): [readonly string[], string][] => [])
  for (const { renamed, parent, path, name } of plan.tables) if (renamed) lists[parent]?.push([path, name])
  const tables = new Map(schema.tables)
  plan.tables.forEach(({ name, fields }, position) => {
    const table = tables.get(name)
    if (table === undefined) return
    const renamed = [...fields.values()].filter(({ renamed, role }) => renamed && role !== 'excluded')
    const columns = renamed.map(({ path, column }) => [path, column.name] as const)
    tables.set(name, withRecordedTableNames(withRecordedColumnNames(table, columns), lists[position] ?? []))
  })
  return { ...schema, tables }
}

/** Notes that tables have rows, as the reference system does after normalizing. */
function markSeen(schema: Schema, names: Iterable<string>): Schema {
  const tables = new Map(schema.tables)
  for (const name of names) {
    const table = tables.get(name)
    if (table !== undefined) tables.set(name, seen(table))
  }
  return { ...schema, tables }
}

function seen(table: TableSchema): TableSchema {
  const known = table['x-normalizer']
  const settings = typeof known === 'object' && known !== null ? Object.entries(known) : []
  const kept: readonly (readonly [string, JsonValue])[] = settings.filter(([key]) => key !== 'evolve-columns-once')
  return { ...table, 'x-normalizer': { ...Object.fromEntries(kept), 'seen-data': true } }
}
