import type { ColumnSchema } from '../schema.ts'

/** The key under which a column says what data type it had before it was given a wider one. */
export const promotedFrom = 'x-promoted-from'

/** Whether a column was given a wider type than it had. */
export function isPromoted(column: ColumnSchema): boolean {
  return column[promotedFrom] !== undefined
}

/**
 * Two states of a column for merging, so that a promotion lasts: hints and packages that still have the former type do not take it
 * back, and digits of the former type do not stay.
 */
export function settlePromotion(existing: ColumnSchema, incoming: ColumnSchema): readonly [ColumnSchema, ColumnSchema] {
  if (isPromoted(incoming)) return [withoutDigits(existing), incoming]
  if (!isPromoted(existing) || existing[promotedFrom] !== incoming.data_type) return [existing, incoming]
  const { data_type: _, ...settings } = withoutDigits(incoming)
  return [existing, settings]
}

function withoutDigits({ precision: _, scale: __, ...column }: ColumnSchema): ColumnSchema {
  return column
}
