import { DestinationError } from '@dlt/destination'
import { DltError } from '@dlt/schema'
import { unboundMessage } from '../connection/bound-client.ts'
import type { ServerDatabase } from '../credentials/database.ts'
import { describeDatabase } from '../credentials/database.ts'
import { isServerError, toDestinationError } from './errors.ts'
import { tlsReason } from './tls-error.ts'

interface Reason {
  readonly kind: 'terminal' | 'transient'
  /** What is wrong and what to do, as the end of a sentence. */
  readonly text: string
  /** Whether a client that opens gives up at once, because more likely the credentials are wrong. Default: it waits as a load does. */
  readonly endsOpening?: boolean
}

const serverReasons = (code: string, { username, database }: ServerDatabase): Reason | undefined => {
  switch (code) {
    case '28P01':
      return { kind: 'terminal', text: `the password of the role "${username}" is wrong. Correct the credentials` }
    case '28000':
      return {
        kind: 'terminal',
        text: `the server does not let the role "${username}" in this way. Correct the role or "sslmode" of the credentials, or the server's "pg_hba.conf"`,
      }
    case '3D000':
      return { kind: 'terminal', text: `there is no database "${database}". Create it, or correct the credentials` }
    case '42501':
      return {
        kind: 'terminal',
        text: `the role "${username}" may not connect to the database. Give it the privilege CONNECT`,
      }
    default:
      return undefined
  }
}

const networkReason = (error: unknown, { connectTimeout, password, tls }: ServerDatabase): Reason | undefined => {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const reason = tlsReason(error)
  if (reason !== undefined) {
    const remedy = reason.includes('is not trusted')
      ? `, and "sslmode" is "${tls.mode}". Name the file of its authority by "sslrootcert", or choose another "sslmode"`
      : ''
    return { kind: 'terminal', text: `${reason}${remedy}` }
  }
  if (error.message === unboundMessage)
    return {
      kind: 'terminal',
      text: 'the server does not bind the connection to its certificate, and "channel_binding" is "require". Encrypt the connection ("sslmode"), go around what stands between, or choose "prefer"',
    }
  if (error.message === 'The server does not support SSL connections')
    return {
      kind: 'terminal',
      text: `the server has no TLS, and "sslmode" is "${tls.mode}". Set it up there, or choose another "sslmode"`,
    }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      kind: 'transient',
      text: 'the name of its host is not known. Correct it, or the network',
      endsOpening: code === 'ENOTFOUND',
    }
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return { kind: 'transient', text: 'nobody listens there. Start the server, or correct host and port' }
  if (/timeout e|connection timeout/.test(error.message) || code === 'ETIMEDOUT')
    return {
      kind: 'transient',
      text: `no answer came within ${connectTimeout} seconds. Correct host and port, or set "connectTimeout" higher`,
      endsOpening: true,
    }
  if (password === undefined && /client password must be a/.test(error.message))
    return {
      kind: 'terminal',
      text: 'the server asks for a password, and there is none. Give one, or add a line to the password file',
    }
  return undefined
}

/**
 * Turns an error of connecting into one that says what to do. Nothing of the credentials but names is shown.
 *
 * @param moment a client that opens gives up a host that nobody knows, and one that has not answered for as long as a connection may take; a
 * load that is under way tries again
 */
export const toConnectError = (error: unknown, database: ServerDatabase, moment: 'opening' | 'under-way'): DltError => {
  if (DltError.is(error)) return error
  const reason = isServerError(error) ? serverReasons(error.code, database) : networkReason(error, database)
  const where = describeDatabase(database)
  const context = { destination: 'postgres' }
  if (reason !== undefined)
    return new DestinationError(`Postgres at ${where} cannot be reached: ${reason.text}.`, {
      kind: reason.kind,
      // A server that starts again soon is waited for.
      conflict: reason.kind === 'transient' && !(moment === 'opening' && reason.endsOpening === true),
      context,
    })
  const converted = toDestinationError(error)
  const { kind, conflict } = DestinationError.is(converted)
    ? converted
    : { kind: 'transient' as const, conflict: false }
  return new DestinationError(`Postgres at ${where} cannot be reached. ${converted.message}`, {
    kind,
    conflict,
    context,
  })
}
