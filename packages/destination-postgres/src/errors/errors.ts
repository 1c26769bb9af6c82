import { DestinationError } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { classifyCode } from './error-kinds.ts'
import { columnOfError, redactedText } from './error-text.ts'
import { remedyOf } from './remedies.ts'

/** What an error that the server sent is made of. */
export interface ServerError {
  readonly message: string
  /** SQLSTATE. */
  readonly code: string
  readonly detail?: string
  readonly where?: string
  readonly column?: string
  readonly constraint?: string
}

/** Whether the server sent an error; others come from the driver or the network. */
export const isServerError = (error: unknown): error is Error & ServerError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'severity' in error

/** Codes and words of errors of a connection. The driver's own have no codes. */
const connectionCodes = /^(?:ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES)/
const connectionWords =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded|Connection ended|Stream |Premature close|This socket has been ended|write EPIPE|read ECONN)/

/** Whether an error says that the connection is gone or could not be made. */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if (isServerError(error)) return /^(?:08|57P0)/.test(error.code)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return connectionCodes.test(code) || code.startsWith('ERR_STREAM') || connectionWords.test(error.message)
}

const destination = 'postgres'

const lostConnection = (): DestinationError =>
  new DestinationError(
    'The connection to Postgres broke. What was not committed is rolled back, and can be loaded again.',
    { kind: 'transient', conflict: true, context: { destination } },
  )

/** Turns an error of the driver into a `DestinationError`. The original is left out: its text and fields show values. */
export const toDestinationError = (error: unknown, columns: readonly string[] = []): DltError => {
  if (DltError.is(error)) return error
  if (!isServerError(error)) {
    if (isConnectionError(error)) return lostConnection()
    const message = error instanceof Error ? error.message : String(error)
    return new DestinationError(`Postgres: ${message}`, { kind: 'transient', context: { destination } })
  }
  if (/^57P0[12]$/.test(error.code)) return lostConnection()
  const { code } = error
  const column = columnOfError(error, columns)
  const place = column === undefined ? '' : ` (column "${column}")`
  return new DestinationError(`Postgres: ${redactedText(error.message, code)}${place} [${code}].${remedyOf(error)}`, {
    ...classifyCode(code),
    context: { destination, code, ...(column !== undefined && { column }) },
  })
}
