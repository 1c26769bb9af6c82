import { DestinationError } from '@dlt/destination'
import type { DltError } from '@dlt/schema'
import { toDestinationError } from './errors.ts'
import { tlsReason } from './tls-error.ts'

const refused = (text: string, kind: 'terminal' | 'transient'): DltError =>
  new DestinationError(`The Pool of the Postgres credentials gives no connection: ${text}.`, {
    kind,
    context: { destination: 'postgres' },
  })

/** Turns an error of a pool that is the caller's into one that says what to do there. */
export const toPoolError = (error: unknown): DltError => {
  if (!(error instanceof Error)) return toDestinationError(error)
  if (error.message === 'Cannot use a pool after calling end on the pool')
    return refused('it was ended. Keep it open until the pipeline is closed', 'terminal')
  if (error.message === 'timeout exceeded when trying to connect')
    return refused('none became free in time. Set its "max" or its "connectionTimeoutMillis" higher', 'transient')
  const tls = tlsReason(error)
  if (tls !== undefined) return refused(`${tls}. Its option "ssl" says what is trusted`, 'terminal')
  return toDestinationError(error)
}
