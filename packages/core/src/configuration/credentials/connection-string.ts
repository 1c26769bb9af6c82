import * as v from 'valibot'
import { concealFields } from '../conceal-secrets.ts'
import { withNativeForm } from '../native-form.ts'
import { secret } from '../secret.ts'

/** How a database is reached and who asks; what a connection string says. Printing it shows neither password nor query. */
export interface ConnectionCredentials {
  /** Kind of the database: the scheme of the connection string. */
  readonly drivername?: string
  readonly database?: string
  readonly password?: string
  readonly username?: string
  readonly host?: string
  readonly port?: number
  /** Parameters; one that is given several times has a list. */
  readonly query?: Readonly<Record<string, unknown>>
}

/** What a kind of database needs. */
export interface ConnectionStringOptions {
  /** Kind of the database where the connection string does not say it. Default: none. */
  readonly drivername?: string
  /** Port where none is given. Default: none. */
  readonly port?: number
  /** Parts that must be given. Default: none. */
  readonly required?: readonly (keyof ConnectionCredentials)[]
}

/** Parts of a connection string, any of which may be missing. */
export type ConnectionParts = {
  readonly [Name in keyof ConnectionCredentials]?: ConnectionCredentials[Name] | undefined
}

/** A configuration of credentials that can be given as connection string, in parts, or both. */
export type ConnectionStringSchema = v.GenericSchema<string | ConnectionParts, ConnectionCredentials>

/**
 * Credentials of a database. They can be a connection string (`driver://user:password@host:port/database?parameter=value`, special
 * characters percent-encoded), single values, or a connection string without some parts, which are then looked up by themselves.
 */
export function connectionString(options: ConnectionStringOptions = {}): ConnectionStringSchema {
  const { drivername, port, required = [] } = options
  const trimmed = v.pipe(v.string(), v.trim())
  const fields = v.object({
    drivername: drivername === undefined ? v.optional(v.string()) : v.optional(v.string(), drivername),
    database: v.optional(v.string()),
    // A line break at the end of a file with a password is none of it.
    password: v.optional(secret(trimmed)),
    username: v.optional(v.string()),
    host: v.optional(v.string()),
    port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), port),
    query: v.optional(v.record(v.string(), v.unknown())),
  })
  const schema = v.pipe(
    fields,
    v.transform((found): ConnectionCredentials => concealFields(given(found), ['password', 'query'])),
  )
  return withNativeForm(schema, {
    describe: 'a connection string ("driver://user:password@host:port/database", special characters percent-encoded)',
    required,
    parse: (value) => {
      const parts = typeof value === 'string' ? parseConnectionString(value) : undefined
      return parts === undefined ? undefined : { ...parts }
    },
  })
}

/**
 * The parts of a connection string; those that it does not name are absent, but for the parameters, which it always says: none. An `@` in the password may stand as it is, `/`, `?` and `%`
 * must be percent-encoded.
 *
 * @returns undefined for a text that is no connection string
 */
export function parseConnectionString(text: string): ConnectionCredentials | undefined {
  const [, drivername, authority = '', database, query] =
    /^([A-Za-z][\w+.-]*):\/\/([^/?]*)(?:\/([^?]*))?(?:\?([\s\S]*))?$/.exec(text.trim()) ?? []
  if (drivername === undefined) return undefined
  const at = authority.lastIndexOf('@')
  const [, username, password] = /^([^:]*)(?::([\s\S]*))?$/.exec(authority.slice(0, Math.max(at, 0))) ?? []
  const [matched, ipv6, host, port] = /^(?:\[([^\]]+)\]|([^:]*))?(?::(\d*))?$/.exec(authority.slice(at + 1)) ?? []
  if (matched === undefined) return undefined
  return given({
    drivername,
    username: decoded(username),
    password: decoded(password),
    host: ipv6 ?? decoded(host),
    port: port === undefined || port === '' ? undefined : Number(port),
    database: decoded(database),
    query: parseQuery(query),
  })
}

/** The connection string of credentials. It holds the password in clear text. */
export function formatConnectionString(credentials: ConnectionCredentials): string {
  const { drivername = '', username, password, host = '', port, database, query = {} } = credentials
  const user = username === undefined && password === undefined ? '' : `${encodeURIComponent(username ?? '')}`
  const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one))
  return [
    `${drivername}://`,
    login === '' ? '' : `${login}@`,
    host.includes(':') ? `[${host}]` : encodeURIComponent(host),
    port === undefined ? '' : `:${port}`,
    database === undefined ? '' : `/${encodeURIComponent(database).replaceAll('%2F', '/')}`,
    parameters.size === 0 ? '' : `?${parameters.toString()}`,
  ].join('')
}

function parseQuery(text = ''): Readonly<Record<string, unknown>> {
  const query: Record<string, unknown> = {}
  const parameters = new URLSearchParams(text)
  for (const name of new Set(parameters.keys())) {
    const [first, ...more] = parameters.getAll(name)
    query[name] = more.length === 0 ? first : [first, ...more]
  }
  return query
}

// A percent sign that encodes nothing stays one.
function decoded(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    // Not UTF-8, or a percent sign alone: nothing can be decoded.
    return text
  }
}

function given(parts: ConnectionParts): ConnectionCredentials {
  const { drivername, database, password, username, host, port, query } = parts
  return {
    ...(drivername !== undefined && { drivername }),
    ...(database !== undefined && { database }),
    ...(password !== undefined && { password }),
    ...(username !== undefined && { username }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(query !== undefined && { query }),
  }
}
