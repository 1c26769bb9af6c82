import type { ColumnSchema } from '../schema.ts'

const withoutDefault: ReadonlySet<string> = new Set(['x-active-record-timestamp'])
const nullOnly: ReadonlySet<string> = new Set(['name', 'data_type', 'precision', 'scale'])
const trueByDefault: ReadonlySet<string> = new Set(['timezone', 'nullable'])
const compound: ReadonlySet<string> = new Set(['partition', 'cluster', 'primary_key', 'merge_key', 'incremental'])

/** Whether a property of a column says no more than its absence would. */
export function isDefaultProperty(property: string, value: unknown): boolean {
  if (value === undefined) return true
  if (withoutDefault.has(property)) return false
  if (value === null) return true
  if (nullOnly.has(property)) return false
  return value === trueByDefault.has(property)
}

/** Whether a property marks several columns together, for instance the columns of a primary key. */
export function isCompoundProperty(property: string): boolean {
  return compound.has(property)
}

/** Whether a column has a data type, so that it can exist at a destination. */
export function isCompleteColumn(column: ColumnSchema): boolean {
  return Boolean(column.name) && Boolean(column.data_type)
}

/**
 * Whether a property of a column is set to something else than its default. The default of `timezone` and `nullable` is
 * true, of other hints false; `x-active-record-timestamp` counts as set also when it is null.
 */
export function columnHasHint(column: ColumnSchema, hint: keyof ColumnSchema): boolean {
  return Object.hasOwn(column, hint) && !isDefaultProperty(hint, column[hint])
}

/** A column without the properties that are at their defaults. */
export function removeColumnDefaults(column: ColumnSchema): ColumnSchema {
  const kept = Object.entries(column).filter(([property, value]) => !isDefaultProperty(property, value))
  return { name: column.name, ...Object.fromEntries(kept) }
}
