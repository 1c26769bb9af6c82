import { DltError } from '@dlt/schema'

/** The error for a row without a value in a column that must have one. */
export function nullRefused(schema: string, table: string, column: string): DltError {
  const message = `Column "${column}" of table "${table}" must not be null, but a row has no value for it. Fill the value in the data, or declare the column as nullable.`
  return new DltError(message, { code: 'DATA', context: { schema, table, column } })
}
