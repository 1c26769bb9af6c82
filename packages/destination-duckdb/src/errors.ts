import { DestinationError, type DestinationErrorKind } from '@dlt/destination'
import { DltError, type ErrorContext } from '@dlt/schema'

interface Rule {
  /** Begins the message of the error. */
  readonly prefix: string
  /** Further condition on the message. */
  readonly when?: RegExp
  readonly kind: DestinationErrorKind
}

/** The first rule that fits decides. DuckDB's errors have no codes: the class stands before the first colon. */
const rules: readonly Rule[] = [
  {
    prefix: 'Catalog Error',
    when: /^Catalog Error: (Table|Schema|View) with name .* does not exist/,
    kind: 'undefined-entity',
  },
  { prefix: 'Catalog Error', when: /write-write conflict|altered by a different transaction/, kind: 'transient' },
  { prefix: 'Catalog Error', kind: 'terminal' },
  { prefix: 'TransactionContext Error', when: /conflict|altered/i, kind: 'transient' },
  { prefix: 'TransactionContext Error', kind: 'terminal' },
  { prefix: 'Transaction Error', kind: 'transient' },
  {
    prefix: 'IO Error',
    when: /No files found|No such file|Is a directory|not a valid DuckDB|Permission denied/,
    kind: 'terminal',
  },
  { prefix: 'IO Error', kind: 'transient' },
  ...['Constraint', 'Conversion', 'Out of Range', 'Invalid Input', 'Not implemented', 'Parser', 'Binder', 'Syntax'].map(
    (name): Rule => ({ prefix: `${name} Error`, kind: 'terminal' }),
  ),
  ...['Permission', 'Serialization', 'Mismatch Type', 'Dependency', 'Missing Extension'].map(
    (name): Rule => ({ prefix: `${name} Error`, kind: 'terminal' }),
  ),
]

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What an error of DuckDB means for the caller. Unknown ones (out of memory, interrupted, internal) are worth another try. */
export const classify = (error: unknown): DestinationErrorKind => {
  const message = messageOf(error)
  return (
    rules.find(({ prefix, when }) => message.startsWith(prefix) && (when?.test(message) ?? true))?.kind ?? 'transient'
  )
}

/** Classes of errors whose text quotes values of rows. */
const quotesValues =
  /^(Conversion|Constraint|Out of Range|Invalid Input|Mismatch Type|TransactionContext|Transaction) Error/

/** Where a value may begin: a quote, a bracket, or a number that is not part of a word. */
const valueStart = /['"[{(]|(?<!\w)-?\d/

const typeName = String.raw`(?:U?INT\d+|DECIMAL\(\d+,\s?\d+\)|DOUBLE|FLOAT|BOOL|DATE|TIME|TIMESTAMP[A-Z_ ]*|VARCHAR|JSON|BLOB)`

/** What may be told from behind a value, because no value can look like it and say anything. */
const harmlessEnd = new RegExp(String.raw`( (?:to|type) ${typeName}| violates (?:unique|primary key) constraint)\.?$`)

const withoutValues = (text: string): string => {
  const start = text.search(valueStart)
  if (start < 0) return text
  const line = /^[^"]*in file "[^"]*",(?: at byte \d+)?( in line \d+)/.exec(text)?.[1] ?? ''
  return `${text.slice(0, start)}…${line}${harmlessEnd.exec(text)?.[1] ?? ''}`
}

/** The text of an error without values of rows and without pieces of statements. */
export const redactedMessage = (error: unknown): string => {
  const [text = ''] = messageOf(error).split(/\n\s*LINE \d+:|\n+Did you mean/)
  const line = text.trim().replaceAll(/\s*\n\s*/g, ' ')
  return quotesValues.test(line) ? withoutValues(line) : line
}

/** Turns an error of DuckDB into a `DestinationError`. The original is left out: its text shows values and statements. */
export const toDestinationError = (error: unknown, context: ErrorContext = {}): DltError =>
  DltError.is(error)
    ? error
    : new DestinationError(`DuckDB: ${redactedMessage(error)}`, {
        kind: classify(error),
        context: { destination: 'duckdb', ...context },
      })

const openElsewhere = /Could not set lock on file|Conflicting lock|being used by another process/

/** Turns an error of opening a file into one that says what to do. */
export const toOpenError = (error: unknown, path: string): DestinationError => {
  const message = messageOf(error)
  const context = { destination: 'duckdb', file: path }
  if (openElsewhere.test(message)) {
    const owner = /PID (\d+)/.exec(message)?.[1]
    return new DestinationError(
      `The DuckDB file "${path}" is open in another process${owner === undefined ? '' : ` (PID ${owner})`}, and DuckDB lets only one process open a file. Close it there, then run again.`,
      { kind: 'transient', context },
    )
  }
  const reason = [
    [/not a valid DuckDB database file/, 'it is not a DuckDB database. Give the path of another file'],
    [/No such file or directory/, 'its folder does not exist. Create the folder or give another path'],
    [/Is a directory/, 'it is a folder. Give the path of a file'],
    [/Permission denied/, 'it may not be read or written. Change its permissions or give another path'],
  ] as const
  const known = reason.find(([pattern]) => pattern.test(message))?.[1]
  return new DestinationError(
    known === undefined
      ? `The DuckDB file "${path}" cannot be opened: ${redactedMessage(error)}`
      : `The DuckDB file "${path}" cannot be opened: ${known}.`,
    { kind: known === undefined ? classify(error) : 'terminal', context },
  )
}
