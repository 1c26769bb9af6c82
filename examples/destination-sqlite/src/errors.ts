import { DestinationError, type DestinationErrorKind } from '@dlt/destination'

/** Result codes of SQLite that go away: out of memory, input or output, full, cannot be opened. */
const passing: readonly number[] = [7, 10, 13, 14]

/** Another connection writes, or has changed the schema. */
const conflicts: readonly number[] = [5, 6, 17]

const missing = /^no such (table|column|database)\b|^table .* has no column named\b/s

const kindOf = (code: number, message: string): DestinationErrorKind => {
  if (conflicts.includes(code) || passing.includes(code)) return 'transient'
  return missing.test(message) ? 'undefined-entity' : 'terminal'
}

/** Texts that name tables and columns only; others may show pieces of statements. */
const named = /^(no such|table .* has no column named|NOT NULL constraint failed|UNIQUE constraint failed)\b/s

/** What an error of SQLite means. */
export const toDestinationError = (error: unknown): DestinationError => {
  if (DestinationError.is(error)) return error
  const { errcode = 0, errstr = 'unknown error', message = '' } = Object(error)
  const code = Number(errcode) & 0xff
  return new DestinationError(`SQLite: ${named.test(message) ? message : errstr}`, {
    kind: kindOf(code, message),
    conflict: conflicts.includes(code),
  })
}
