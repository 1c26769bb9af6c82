import type { Destination } from '@dlt/destination'
import { type ColumnSchema, DltError } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import type { ExtractSource } from '../extract/plan-sources.ts'
import { columnHintEntries } from '../hints/column-hints.ts'
import { hasDynamicHints, resolveHints } from '../hints/resolved-hints.ts'

/**
 * Refuses decimal columns that the destination has no type for, before anything is read: at the load it would be too late, for the
 * package keeps its hints. Hints that are functions of an item are not known yet.
 *
 * @throws DltError `CONFIGURATION` naming table and column
 */
export function checkDecimals(sources: readonly ExtractSource[], destination: Destination): void {
  const most = destination.capabilities.types.decimal.maxPrecision
  if (most === undefined) return
  for (const { table, column } of sources.flatMap(declaredColumns)) {
    const { name, data_type: type, precision } = column
    if (type !== 'decimal' || precision === undefined || (precision >= 1 && precision <= most)) continue
    throw new DltError(
      `Column "${name}" of table "${table}" is declared as a decimal of ${precision} digits, and the destination "${destination.name}" takes 1 to ${most}. ` +
        `Declare a precision of 1 to ${most}, or the type "text".`,
      { code: 'CONFIGURATION', context: { table, column: name, destination: destination.name } },
    )
  }
}

interface DeclaredColumn {
  readonly table: string
  readonly column: ColumnSchema
}

function declaredColumns({ schema, resources }: ExtractSource): readonly DeclaredColumn[] {
  const known = [...schema.tables.values()].flatMap(({ name, columns }) =>
    [...columns.values()].map((column) => ({ table: name, column })),
  )
  return [...known, ...resources.flatMap(hintedColumns)]
}

function hintedColumns({ options }: Resource): readonly DeclaredColumn[] {
  if (hasDynamicHints(options)) return []
  const table = typeof options.tableName === 'string' ? options.tableName : options.name
  return columnHintEntries(resolveHints(options, options.name).columns).map((column) => ({ table, column }))
}
