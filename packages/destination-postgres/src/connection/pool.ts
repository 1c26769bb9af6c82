import { retryConflicts } from '@dlt/destination/sql'
import { Pool, type PoolClient } from 'pg'
import type { Database, ServerDatabase } from '../credentials/database.ts'
import { passwordFromFile } from '../credentials/password-file.ts'
import { type TlsAttempt, tlsAttempts } from '../credentials/tls.ts'
import { toConnectError } from '../errors/connect-error.ts'
import { isServerError } from '../errors/errors.ts'
import { toPoolError } from '../errors/pool-error.ts'
import { BoundClient } from './bound-client.ts'

/** Where connections come from. */
export interface ConnectionPool extends AsyncDisposable {
  /** @throws DestinationError where the server cannot be reached */
  connect(): Promise<PoolClient>
}

const createPool = (database: ServerDatabase, ssl: TlsAttempt, connections: number): Pool => {
  const { host, port, username, password, connectTimeout, applicationName, options, channelBinding } = database
  const pool = new Pool({
    host,
    port,
    database: database.database,
    user: username,
    // Asked only where the server wants one. An empty one fails with words that `toConnectError` knows.
    password: password ?? (async () => (await passwordFromFile(database)) ?? ''),
    ssl,
    enableChannelBinding: channelBinding !== 'disable',
    ...(channelBinding === 'require' && { Client: BoundClient }),
    application_name: applicationName,
    ...(options !== undefined && { options }),
    connectionTimeoutMillis: connectTimeout * 1000,
    keepAlive: true,
    max: connections,
    // A client that is open must not keep a script from ending.
    allowExitOnIdle: true,
  })
  // A connection that breaks while nobody uses it is replaced when it is needed.
  pool.on('error', () => undefined)
  return pool
}

/** The server wants it otherwise: without encryption, or with it. */
const wantsAnotherWay = (error: unknown): boolean => {
  if (isServerError(error)) return error.code === '28000'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const isTls = /^(?:ERR_SSL|ERR_TLS|EPROTO|CERT_|DEPTH_|SELF_|UNABLE_TO_)/.test(code)
  return isTls || (error instanceof Error && error.message === 'The server does not support SSL connections')
}

/** Connects once, in the first way that the server lets in. */
const firstThatConnects = async (database: ServerDatabase, connections: number): Promise<Pool> => {
  const attempts = await tlsAttempts(database.tls, database.host)
  for (const [index, ssl] of attempts.entries()) {
    const pool = createPool(database, ssl, connections)
    try {
      const client = await pool.connect()
      client.release()
      return pool
    } catch (error) {
      await pool.end()
      if (index === attempts.length - 1 || !wantsAnotherWay(error)) throw toConnectError(error, database, 'opening')
    }
  }
  throw new TypeError('There is always a way to try')
}

/**
 * Connects to a database, so that what is wrong with the credentials shows at once. A server that lets nobody in yet
 * is waited for as a load does.
 * @throws DestinationError where the server cannot be reached
 */
export const openPool = async (database: Database, connections: number): Promise<ConnectionPool> => {
  if (database.kind === 'pool') {
    const { pool } = database
    return {
      connect: () =>
        pool.connect().catch((error: unknown) => {
          throw toPoolError(error)
        }),
      // It is the caller's.
      [Symbol.asyncDispose]: async () => undefined,
    }
  }
  const pool = await retryConflicts(() => firstThatConnects(database, connections))
  return {
    connect: () =>
      pool.connect().catch((error: unknown) => {
        throw toConnectError(error, database, 'under-way')
      }),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
