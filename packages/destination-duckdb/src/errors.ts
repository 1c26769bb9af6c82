import { DestinationError } from '@dlt/destination'
import { DltError, type ErrorContext } from '@dlt/schema'
import { withoutCheckpoint } from './checkpoint-errors.ts'
import { diskErrorOf } from './disk-errors.ts'
import { classifyMessage, type ErrorClass } from './error-kinds.ts'
import { columnOfError, insertedColumns, redactedText } from './error-text.ts'

/** The text of whatever was thrown; of a checkpoint that failed, why it did. */
export const messageOf = (error: unknown): string =>
  withoutCheckpoint(error instanceof Error ? error.message : String(error))

/** What an error of DuckDB means for the caller. */
export const classify = (error: unknown): ErrorClass => classifyMessage(messageOf(error))

/** The text of an error without values of rows and without pieces of statements. */
export const redactedMessage = (error: unknown): string => redactedText(messageOf(error))

const connectionClosed = (context: ErrorContext): DestinationError =>
  new DestinationError(
    'The DuckDB connection is closed. A connection given as credentials has to stay open until the pipeline is done with it: open another one, give that, and run again.',
    { kind: 'transient', context },
  )

/** Turns an error of DuckDB into a `DestinationError`. The original is left out: its text shows values and statements. */
export const toDestinationError = (error: unknown, about: { readonly statement?: string } = {}): DltError => {
  if (DltError.is(error)) return error
  const message = messageOf(error)
  const disk = diskErrorOf(message)
  if (disk !== undefined) {
    const context = { destination: 'duckdb', file: disk.path }
    return new DestinationError(`DuckDB cannot write "${disk.path}": ${disk.remedy}.`, { kind: 'transient', context })
  }
  const column = columnOfError(message, insertedColumns(about.statement ?? ''))
  const context = { destination: 'duckdb', ...(column !== undefined && { column }) }
  if (/connection disconnected$/.test(message)) return connectionClosed(context)
  const place = column === undefined ? '' : ` (column "${column}")`
  return new DestinationError(`DuckDB: ${redactedText(message, column)}${place}`, {
    ...classifyMessage(message),
    context,
  })
}

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
    [
      /newer version of DuckDB|database file with version number/,
      'it was written by another version of DuckDB, whose files the installed one does not read. Update @duckdb/node-api, or give the path of another file',
    ],
    // The only one that is set when a file is opened.
    [
      /^Failed to set config/,
      'its setting "storage_compatibility_version" is no version that the installed DuckDB knows. Write one such as "v1.3.0"',
    ],
    [/Permission denied/, 'it may not be read or written. Change its permissions or give another path'],
  ] as const
  const disk = diskErrorOf(message)
  if (disk !== undefined) {
    return new DestinationError(`The DuckDB file "${path}" cannot be opened: ${disk.remedy}.`, {
      kind: 'transient',
      context,
    })
  }
  const known = reason.find(([pattern]) => pattern.test(message))?.[1]
  return new DestinationError(
    known === undefined
      ? `The DuckDB file "${path}" cannot be opened: ${redactedMessage(error)}`
      : `The DuckDB file "${path}" cannot be opened: ${known}.`,
    { ...(known === undefined ? classify(error) : { kind: 'terminal' }), context },
  )
}
