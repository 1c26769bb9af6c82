import { once } from 'node:events'
import { createConnection } from 'node:net'
import { env } from 'node:process'
import { text } from 'node:stream/consumers'
import type { PostgresAddress } from './postgres/database.ts'

/** The variable that names the socket on which the test run hands out its services. */
export const servicesVariable = 'DLT_TEST_SERVICES'

/** The server of this test run, or why there is none. */
export type SharedPostgres = { readonly address: PostgresAddress } | { readonly missing: string }

/**
 * The Postgres server that all test files of a run share; who asks first starts it. Each file makes a database of its own
 * (`createDatabase`). It is fast and not durable: a test that kills a server starts its own.
 */
export const sharedPostgres = async (): Promise<SharedPostgres> => {
  const socket = env[servicesVariable]
  if (socket === undefined) return { missing: 'no test services: run vitest with the configuration of the workspace' }
  const connection = createConnection(socket)
  await once(connection, 'connect')
  return JSON.parse(await text(connection))
}
