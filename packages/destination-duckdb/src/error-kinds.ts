import type { DestinationErrorKind } from '@dlt/destination'
import { diskErrorOf } from './disk-errors.ts'

/** What an error means for the caller. */
export interface ErrorClass {
  readonly kind: DestinationErrorKind
  /** Whether another transaction was in the way. */
  readonly conflict: boolean
}

interface Rule {
  readonly kind: DestinationErrorKind
  /** Default: false. */
  readonly conflict?: boolean
  /** Begins the message of the error. */
  readonly prefix: string
  /** Further condition on the message. */
  readonly when?: RegExp
}

/** The first rule that fits decides. DuckDB's errors have no codes: the class stands before the first colon. */
const rules: readonly Rule[] = [
  {
    prefix: 'Catalog Error',
    // A name may have line breaks.
    when: /^Catalog Error: (Table|Schema|View) with name .* does not exist/s,
    kind: 'undefined-entity',
  },
  // A column of a table that is written to, or compared with new rows; one that a file lacks has other words.
  {
    prefix: 'Binder Error',
    when: /^Binder Error: Table ".*" does not have a column (with name|named)/s,
    kind: 'undefined-entity',
  },
  {
    prefix: 'Catalog Error',
    when: /write-write conflict|altered by a different transaction/,
    kind: 'transient',
    conflict: true,
  },
  { prefix: 'Catalog Error', kind: 'terminal' },
  { prefix: 'TransactionContext Error', when: /conflict|altered/i, kind: 'transient', conflict: true },
  { prefix: 'TransactionContext Error', kind: 'terminal' },
  { prefix: 'Transaction Error', kind: 'transient', conflict: true },
  {
    prefix: 'IO Error',
    when: /No files found|No such file|Is a directory|not a valid DuckDB|database file with version number|Permission denied/,
    kind: 'terminal',
  },
  ...['Constraint', 'Conversion', 'Out of Range', 'Invalid Input', 'Not implemented', 'Parser', 'Binder', 'Syntax'].map(
    (name): Rule => ({ prefix: `${name} Error`, kind: 'terminal' }),
  ),
  ...['Permission', 'Serialization', 'Mismatch Type', 'Dependency', 'Missing Extension'].map(
    (name): Rule => ({ prefix: `${name} Error`, kind: 'terminal' }),
  ),
]

/**
 * What an error of DuckDB means for the caller. Unknown ones (out of memory, a full disk, interrupted, internal) say nothing against
 * the package: it can be loaded later, but not by trying at once.
 */
export const classifyMessage = (message: string): ErrorClass => {
  if (diskErrorOf(message) !== undefined) return { kind: 'transient', conflict: false }
  const rule = rules.find(({ prefix, when }) => message.startsWith(prefix) && (when?.test(message) ?? true))
  return { kind: rule?.kind ?? 'transient', conflict: rule?.conflict ?? false }
}
