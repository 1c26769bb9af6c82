import { DltError } from '../dlt-error.ts'
import type { TableSchema } from '../schema.ts'

const columnsKey = 'x-column-names'
const tablesKey = 'x-table-names'

type RecordKey = typeof columnsKey | typeof tablesKey

/** A path of keys in one text, so that no two paths share one. */
function pathKey(path: readonly string[]): string {
  return JSON.stringify(path)
}

function recordsOf(table: TableSchema, key: RecordKey): ReadonlyMap<string, string> {
  const stored = table[key]
  if (stored === undefined) return new Map()
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new DltError(`"${key}" of table "${table.name}" is not an object. Restore the schema document.`, {
      code: 'SCHEMA',
      context: { table: table.name },
    })
  }
  return new Map(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function withRecord(table: TableSchema, key: RecordKey, path: readonly string[], name: string): TableSchema {
  const records = new Map(recordsOf(table, key)).set(pathKey(path), name)
  return { ...table, [key]: Object.fromEntries(records) }
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

/** The table with the column of such a path recorded, under `x-column-names`. */
export function withRecordedColumnName(table: TableSchema, path: readonly string[], column: string): TableSchema {
  return withRecord(table, columnsKey, path, column)
}

/**
 * The nested table that holds the lists of a path whose name was taken by another path; otherwise `undefined`.
 *
 * @param parent the table whose rows hold the lists.
 */
export function recordedTableName(parent: TableSchema, path: readonly string[]): string | undefined {
  return parent[tablesKey] === undefined ? undefined : recordsOf(parent, tablesKey).get(pathKey(path))
}

/** The parent table with the nested table of such a path recorded, under `x-table-names`. */
export function withRecordedTableName(parent: TableSchema, path: readonly string[], table: string): TableSchema {
  return withRecord(parent, tablesKey, path, table)
}
