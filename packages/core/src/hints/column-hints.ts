import type { ColumnSchema } from '@dlt/schema'
import type { ColumnHints } from './resource-options.ts'

/** The declared columns in their order, names as the user wrote them. In a record, a `name` inside wins over the key. */
export function columnHintEntries(columns: ColumnHints): readonly ColumnSchema[] {
  if (isList(columns)) return columns
  return Object.entries(columns).map(([key, hint]) => ({ ...hint, name: hint.name ?? key }))
}

/** Hints of two places in one list: columns of the second that the first has too are merged into it, key by key. */
export function mergeColumnHints(base: ColumnHints = [], more: ColumnHints = []): readonly ColumnSchema[] {
  const merged = new Map(columnHintEntries(base).map((column) => [column.name, column]))
  for (const column of columnHintEntries(more)) {
    merged.set(column.name, { ...merged.get(column.name), ...column })
  }
  return [...merged.values()]
}

// `Array.isArray` does not narrow a readonly list.
function isList(columns: ColumnHints): columns is readonly ColumnSchema[] {
  return Array.isArray(columns)
}
