import { type ColumnSchema, DltError } from '@dlt/schema'

/** A column that must have a value in every row. */
export interface RequiredColumn {
  readonly column: string
  /** The key that it is part of, if any. */
  readonly key?: 'primary' | 'merge'
}

/** A required column, with the key that a hint says it is part of. */
export function requiredColumn(column: ColumnSchema): RequiredColumn {
  const { name, primary_key: isPrimary, merge_key: isMerge } = column
  if (isPrimary === true) return { column: name, key: 'primary' }
  return isMerge === true ? { column: name, key: 'merge' } : { column: name }
}

/** The error for a row without a value in a column that must have one. */
export function nullRefused(schema: string, table: string, { column, key }: RequiredColumn): DltError {
  const message =
    key === undefined
      ? `Column "${column}" of table "${table}" must not be null, but a row has no value for it, or one of another type. Fill or correct it in the data, or declare the column as nullable.`
      : `Column "${column}" of table "${table}" belongs to its ${key} key, but a row has no value for it, or one of another type, so nothing was loaded. Fill or correct it in the data, leave out such rows with addFilter, or declare another ${key}Key.`
  return new DltError(message, { code: 'DATA', context: { schema, table, column } })
}
