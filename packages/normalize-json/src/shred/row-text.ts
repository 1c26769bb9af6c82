import { DltError, rowHashText } from '@dlt/schema'
import { refusal } from './locate.ts'

/**
 * The text of a row that its hash is made of: its fields as they came, with everything nested in it. What no column can hold (NaN,
 * infinities, invalid dates) is null, as in the columns.
 *
 * @param document what the row stands in, for the path in errors
 * @throws DltError `DATA` when it holds something that cannot be loaded
 */
export function rowText(row: object, document: unknown): string {
  try {
    return rowHashText(Object.entries(row))
  } catch (cause) {
    if (!DltError.is(cause)) throw refusal(document, 'The item is nested too deeply to be compared.', cause)
    const valid = withoutInvalidDates(row, new Set())
    if (valid === row) throw refusal(document, `The item holds a value that has no JSON form. ${cause.message}`, cause)
    return rowText(valid, document)
  }
}

/** The value with null in place of invalid dates; the same value where it has none. */
function withoutInvalidDates(value: object, above: Set<object>): object {
  const isList = Array.isArray(value)
  if ((!isList && Object.getPrototypeOf(value) !== Object.prototype) || above.has(value)) return value
  above.add(value)
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [key, validItem(item, above)] as const)
  above.delete(value)
  if (entries.every(([key, item]) => item === Reflect.get(value, key))) return value
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

function validItem(item: unknown, above: Set<object>): unknown {
  if (typeof item !== 'object' || item === null) return item
  if (item instanceof Date) return Number.isNaN(item.getTime()) ? null : item
  return withoutInvalidDates(item, above)
}
