import { mergeColumnHints } from './column-hints.ts'
import type { ReferenceHint, TableHints } from './resource-options.ts'
import { isStandardSchema, schemaColumnHints } from './schema-columns.ts'

/**
 * Hints of two places in one, those of the second win. Columns are merged one by one (an empty list takes all away), references
 * by the table that they are to; where one of the two is a function, the second stands alone.
 */
export function mergeHints<Hints extends TableHints>(base: Hints, more: TableHints): Hints {
  const given = Object.fromEntries(Object.entries(more).filter(([, hint]) => hint !== undefined))
  return {
    ...base,
    ...given,
    ...(more.columns !== undefined && { columns: mergedColumns(base.columns, more.columns) }),
    ...(more.references !== undefined && { references: mergedReferences(base.references, more.references) }),
  }
}

function mergedColumns(
  base: NonNullable<TableHints['columns']> = [],
  more: NonNullable<TableHints['columns']>,
): NonNullable<TableHints['columns']> {
  // A schema says everything about its items; hints that come after it may refine its columns.
  if (isStandardSchema(more) || typeof more === 'function') return more
  if (typeof base === 'function' && !isStandardSchema(base)) return more
  if (Object.keys(more).length === 0) return []
  return mergeColumnHints(isStandardSchema(base) ? schemaColumnHints(base) : base, more)
}

type References = NonNullable<TableHints['references']>

function mergedReferences(base: References = [], more: References): References {
  if (typeof base === 'function' || typeof more === 'function') return more
  const byTable = new Map<string, ReferenceHint>()
  for (const reference of [...base, ...more]) byTable.set(reference.referenced_table, reference)
  return [...byTable.values()]
}
