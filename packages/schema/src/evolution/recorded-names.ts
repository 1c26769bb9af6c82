import { DltError } from '../dlt-error.ts'
import type { TableSchema } from '../schema.ts'

const columnsKey = 'x-column-names'
const tablesKey = 'x-table-names'

type RecordKey = typeof columnsKey | typeof tablesKey

/** A path of keys in one text, so that no two paths share one. */
function pathKey(path: readonly string[]): string {
  return JSON.stringify(path)
}

/** Records that were read before: a package asks for each of its paths. */
const known = new WeakMap<object, ReadonlyMap<string, string>>()

function recordsOf(table: TableSchema, key: RecordKey): ReadonlyMap<string, string> {
  const stored = table[key]
  if (stored === undefined) return new Map()
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new DltError(`"${key}" of table "${table.name}" is not an object. Restore the schema document.`, {
      code: 'SCHEMA',
      context: { table: table.name },
    })
  }
  const read = known.get(stored) ?? new Map(Object.entries(stored).filter(isRecord))
  known.set(stored, read)
  return read
}

function isRecord(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string'
}

/** Names that were given to paths, in order. */
export type RecordedNames = Iterable<readonly [path: readonly string[], name: string]>

function withRecords(table: TableSchema, key: RecordKey, names: RecordedNames): TableSchema {
  const records = new Map(recordsOf(table, key))
  let isChanged = false
  for (const [path, name] of names) {
    isChanged ||= records.get(pathKey(path)) !== name
    records.set(pathKey(path), name)
  }
  return isChanged ? { ...table, [key]: Object.fromEntries(records) } : table
}

/**
 * The column that holds the values of a path whose name was taken by another path; `undefined` for all other paths, whose
 * names follow from the naming convention.
 *
 * @param path keys of the document from the row down, as they are in the data.
 */
export function recordedColumnName(table: TableSchema, path: readonly string[]): string | undefined {
  return table[columnsKey] === undefined ? undefined : recordsOf(table, columnsKey).get(pathKey(path))
}

/** The table with the columns of such paths recorded, under `x-column-names`. */
export function withRecordedColumnNames(table: TableSchema, columns: RecordedNames): TableSchema {
  return withRecords(table, columnsKey, columns)
}

/**
 * The nested table that holds the lists of a path whose name was taken by another path; otherwise `undefined`.
 *
 * @param parent the table whose rows hold the lists.
 */
export function recordedTableName(parent: TableSchema, path: readonly string[]): string | undefined {
  return parent[tablesKey] === undefined ? undefined : recordsOf(parent, tablesKey).get(pathKey(path))
}

/** The parent table with the nested tables of such paths recorded, under `x-table-names`. */
export function withRecordedTableNames(parent: TableSchema, tables: RecordedNames): TableSchema {
  return withRecords(parent, tablesKey, tables)
}
