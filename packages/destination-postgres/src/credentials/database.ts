import { userInfo } from 'node:os'
import type { DestinationContext } from '@dlt/destination'
import type { Pool } from 'pg'
import type { PostgresParts } from '../options.ts'
import {
  asParts,
  type ConfiguredCredentials,
  type ConfiguredOptions,
  completedByConfigured,
} from './configured-credentials.ts'
import { partsOfConnectionString } from './connection-string.ts'
import { type ChannelBinding, readQueryParameters } from './query-parameters.ts'
import { refuseCredentials } from './refuse.ts'
import { refuseOtherPlaces, singleHost } from './server-host.ts'
import type { TlsWish } from './tls.ts'
import { refuseUnknownParts } from './unknown-parts.ts'

/** A database of a server, and how it is reached. */
export interface ServerDatabase {
  readonly kind: 'server'
  readonly host: string
  readonly port: number
  readonly database: string
  readonly username: string
  /** The password file is asked where it is absent. */
  readonly password?: string
  /** In seconds; 0 waits as long as the system does. */
  readonly connectTimeout: number
  readonly tls: TlsWish
  readonly channelBinding: ChannelBinding
  readonly applicationName: string
  readonly options?: string
  readonly sessionTimezone: string
}

/** Where data goes: a database that is connected to, or a pool that the caller has connected. */
export type Database = ServerDatabase | { readonly kind: 'pool'; readonly pool: Pool; readonly sessionTimezone: string }

const isPool = (value: unknown): value is Pool =>
  typeof value === 'object' &&
  value !== null &&
  'connect' in value &&
  typeof value.connect === 'function' &&
  'totalCount' in value

/** Whether credentials are parts, of which some may be left out. */
export const isParts = (value: unknown): value is PostgresParts =>
  typeof value === 'object' && value !== null && !('connect' in value)

/** The part of a name that stands in a statement, where no parameter can. */
const checkedTimezone = (timezone: string): string => {
  if (/^[A-Za-z0-9_+\-/:]+$/.test(timezone)) return timezone
  throw refuseCredentials(
    'The session time zone of the Postgres credentials is no name such as "Europe/Berlin" or "UTC".',
  )
}

const checkedNumber = (value: number, what: string, least: number, most: number): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw refuseCredentials(`The ${what} of the Postgres credentials is no integer from ${least} to ${most}.`)
}

/** What a connection string says wins over the parts beside it. */
const completed = ({ connectionString, ...parts }: PostgresParts): PostgresParts => {
  if (connectionString === undefined) return parts
  const said = partsOfConnectionString(connectionString)
  return { ...parts, ...said, query: { ...parts.query, ...said.query } }
}

const serverDatabase = (given: PostgresParts, environment: NodeJS.ProcessEnv): ServerDatabase => {
  refuseUnknownParts(given)
  const parts = completed(given)
  if (parts.host === undefined) refuseOtherPlaces(environment)
  const {
    tls,
    channelBinding,
    applicationName = 'dlt',
    options,
    connectTimeout = 15,
  } = readQueryParameters(parts.query ?? {}, environment)
  const username = parts.username ?? (environment['PGUSER'] || userInfo().username)
  // A line break at the end of a file with a password is none of it.
  const password = parts.password?.trim() || environment['PGPASSWORD'] || undefined
  return {
    kind: 'server',
    host: singleHost(parts.host ?? (environment['PGHOST'] || 'localhost')),
    port: checkedNumber(parts.port ?? Number(environment['PGPORT'] || 5432), 'port', 1, 65_535),
    database: parts.database ?? (environment['PGDATABASE'] || username),
    username,
    ...(password !== undefined && { password }),
    connectTimeout: checkedNumber(parts.connectTimeout ?? connectTimeout, 'connect timeout', 0, 86_400),
    tls,
    channelBinding,
    applicationName,
    ...(options !== undefined && { options }),
    sessionTimezone: checkedTimezone(parts.sessionTimezone ?? 'UTC'),
  }
}

/** Credentials of code, completed by those of the configuration. */
const foundCredentials = (inCode: unknown, configured: ConfiguredCredentials | undefined): PostgresParts => {
  if (inCode === undefined || inCode === null) return asParts(configured ?? {})
  if (typeof inCode === 'string' || isParts(inCode)) {
    const given = asParts(inCode)
    return configured === undefined ? given : completedByConfigured(given, asParts(configured))
  }
  throw refuseCredentials(
    'Postgres credentials are a connection string, its parts { host, port, database, username, password, query }, or a Pool of "pg".',
  )
}

/**
 * The database that credentials name; those of the context win. What they leave out comes from the configuration, then from the environment.
 * @throws DltError CONFIGURATION for credentials of another form
 */
export const databaseOf = (
  options: ConfiguredOptions,
  context: Pick<DestinationContext, 'credentials'>,
  environment: NodeJS.ProcessEnv = process.env,
): Database => {
  const inCode = context.credentials ?? options.credentials
  if (isPool(inCode)) return { kind: 'pool', pool: inCode, sessionTimezone: 'UTC' }
  return serverDatabase(foundCredentials(inCode, options.configuredCredentials), environment)
}

/** A database for people, without secrets. */
export const describeDatabase = (database: Database): string => {
  if (database.kind === 'pool') return 'postgresql (a pool of the caller)'
  const { host, port } = database
  const place = host.includes(':') ? `[${host}]` : encodeURIComponent(host)
  return `postgresql://${place}:${port}/${encodeURIComponent(database.database)}`
}
