import type { ColumnSchema, TableSchema } from '../schema.ts'
import { isCompleteColumn } from './column-properties.ts'

/** What changed in one table. */
export interface TableDiff {
  readonly name: string
  /** Whether the table did not exist before. */
  readonly created: boolean
  /** Columns that have a data type now, and did not exist or had none before; in the order of the table. */
  readonly newColumns: readonly ColumnSchema[]
  /** Other columns that were added as hints or have other settings than before. */
  readonly changedColumns: readonly ColumnSchema[]
}

/** What changed in a schema; tables that did not change are not listed. */
export interface SchemaDiff {
  readonly tables: readonly TableDiff[]
}

function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    )
  }
  return sameProperties(left, right, [])
}

/** Whether two objects have equal properties, whatever their order. */
function sameProperties(left: object, right: object, ignored: readonly string[]): boolean {
  // Schemas have hundreds of thousands of columns: nothing is made for each.
  let more = 0
  for (const key of Object.keys(left)) {
    if (ignored.includes(key)) continue
    if (!Object.hasOwn(right, key) || !equal(Reflect.get(left, key), Reflect.get(right, key))) return false
    more--
  }
  for (const key of Object.keys(right)) if (!ignored.includes(key)) more++
  return more === 0
}

/** What changed from one state of a table to the next; `undefined` when nothing did. */
export function diffTable(before: TableSchema | undefined, after: TableSchema): TableDiff | undefined {
  const newColumns: ColumnSchema[] = []
  const changedColumns: ColumnSchema[] = []
  for (const [name, column] of after.columns) {
    const earlier = before?.columns.get(name)
    const wasComplete = earlier !== undefined && isCompleteColumn(earlier)
    if (isCompleteColumn(column) && !wasComplete) newColumns.push(column)
    else if (earlier === undefined || (earlier !== column && !sameProperties(earlier, column, [])))
      changedColumns.push(column)
  }
  const sameTable = before !== undefined && sameProperties(before, after, ['columns'])
  if (sameTable && newColumns.length === 0 && changedColumns.length === 0) {
    return before.columns.size === after.columns.size ? undefined : emptyDiff(after, before)
  }
  return { name: after.name, created: before === undefined, newColumns, changedColumns }
}

function emptyDiff(after: TableSchema, before: TableSchema | undefined): TableDiff {
  return { name: after.name, created: before === undefined, newColumns: [], changedColumns: [] }
}

/** What changed from one schema to a later one. */
export function diffSchemas(
  before: ReadonlyMap<string, TableSchema>,
  after: ReadonlyMap<string, TableSchema>,
): SchemaDiff {
  const tables: TableDiff[] = []
  for (const [name, table] of after) {
    const earlier = before.get(name)
    const diff = earlier === table ? undefined : diffTable(earlier, table)
    if (diff !== undefined) tables.push(diff)
  }
  return { tables }
}
