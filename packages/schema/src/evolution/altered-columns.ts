import type { ColumnSchema, TableSchema } from '../schema.ts'

/** Names of columns that were dropped on purpose. */
const droppedKey = 'x-dropped-columns'

/** Names of columns as data has them, and as they are called now. */
const renamedKey = 'x-renamed-columns'

/** Columns of paths whose names were taken, see recorded-names. */
const recordsKey = 'x-column-names'

/** The columns of a table that were dropped on purpose: values for them are left out, hints for them have no effect. */
export function droppedColumns(table: TableSchema | undefined): readonly string[] {
  const names = table?.[droppedKey]
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

/** What a column is called that data and hints call by a name: the name itself, unless the column was renamed on purpose. */
export function currentColumnName(table: TableSchema | undefined, name: string): string {
  const renamed = renamedColumns(table)
  // A column may be called like something that every object has: "constructor".
  return (Object.hasOwn(renamed, name) ? renamed[name] : undefined) ?? name
}

/** The table with a column noted as dropped, and without it and its variants. */
export function withoutColumns(table: TableSchema, names: ReadonlySet<string>, dropped: string): TableSchema {
  const columns = new Map([...table.columns].filter(([name]) => !names.has(name)))
  return { ...table, columns, [droppedKey]: [...droppedColumns(table), dropped] }
}

/** The table with columns under other names, which is noted for the first of them. */
export function withRenamedColumns(table: TableSchema, names: ReadonlyMap<string, string>, from: string): TableSchema {
  const renamed = (name: string): string => names.get(name) ?? name
  const columns = new Map([...table.columns].map(([name, column]) => [renamed(name), named(column, renamed(name))]))
  const before = renamedColumns(table)
  const isTarget = Object.values(before).includes(from)
  const records = [...Object.entries(before), ...(isTarget ? [] : [[from, from] as const])]
    .map(([name, current]) => [name, renamed(current)] as const)
    .filter(([name, current]) => name !== current)
  return { ...withRecords(table, renamed), columns, [renamedKey]: Object.fromEntries(records) }
}

/** Paths whose names were taken have theirs on record. */
function withRecords(table: TableSchema, renamed: (name: string) => string): TableSchema {
  const records = table[recordsKey]
  if (typeof records !== 'object' || records === null || Array.isArray(records)) return table
  const entries = Object.entries(records).map(([path, name]) => [path, renamed(String(name))] as const)
  return { ...table, [recordsKey]: Object.fromEntries(entries) }
}

/** Columns that hints or data add to a table, under their present names and without those that were dropped. */
export function survivingColumns(
  table: TableSchema,
  incoming: ReadonlyMap<string, ColumnSchema>,
): ReadonlyMap<string, ColumnSchema> {
  if (table[droppedKey] === undefined && table[renamedKey] === undefined) return incoming
  const dropped = new Set(droppedColumns(table))
  const columns = new Map<string, ColumnSchema>()
  for (const column of incoming.values()) {
    const name = currentColumnName(table, column.name)
    if (!dropped.has(name)) columns.set(name, named(column, name))
  }
  return columns
}

function renamedColumns(table: TableSchema | undefined): Readonly<Record<string, string>> {
  const names = table?.[renamedKey]
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return {}
  return Object.fromEntries(
    Object.entries(names).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function named(column: ColumnSchema, name: string): ColumnSchema {
  return column.name === name ? column : { ...column, name }
}
