import type { PostgresParts } from '../options.ts'
import { refuseCredentials } from './refuse.ts'

const form = 'postgresql://user:password@host:port/database?sslmode=verify-full'

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refuseCredentials(
      'The Postgres connection string has a "%" that begins no escape. Write "%" itself as "%25".',
    )
  }
}

/** Stands for a host that was left out behind a user or before a port, where only `psql` lets it be left out. */
const noHost = 'no-host.invalid'

const parsedUrl = (given: string): URL => {
  const text = given.trim().replace(/^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)(?![^/?#]*@)(?=[:/?#]|$)/i, `$1${noHost}`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'postgresql:' || url.protocol === 'postgres:')) return url
  throw refuseCredentials(
    `The Postgres credentials are no connection string of the form "${form}", with one host. Characters of names and passwords that have a meaning in an address, such as "@", "/", ":" and "#", are written as "%40", "%2F", "%3A" and "%23". The text is not shown.`,
  )
}

/** Parameters of the query that say what a part says, too. */
const partNames: Readonly<Record<string, 'host' | 'database' | 'username' | 'password'>> = {
  host: 'host',
  dbname: 'database',
  user: 'username',
  password: 'password',
}

/**
 * The parts of a connection string, as `psql` reads it. Parameters of its query win over what stands before it.
 * @throws DltError CONFIGURATION for a text of another form, which is not shown
 */
export const partsOfConnectionString = (text: string): PostgresParts => {
  const url = parsedUrl(text)
  // A part that is empty counts as left out.
  const parts: { -readonly [part in keyof PostgresParts]: PostgresParts[part] } = {
    ...(url.hostname !== noHost && { host: decoded(url.hostname).replace(/^\[(.*)\]$/, '$1') }),
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.pathname.length > 1 && { database: decoded(url.pathname.slice(1)) }),
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: decoded(url.password) }),
  }
  const query: Record<string, string> = {}
  for (const [name, value] of url.searchParams) {
    const part = Object.hasOwn(partNames, name) ? partNames[name] : undefined
    if (part !== undefined) parts[part] = value
    else if (name === 'port') parts.port = Number(value)
    else query[name] = value
  }
  return { ...parts, query }
}
