import type { PostgresParts } from '../options.ts'
import { refuseCredentials } from './refuse.ts'

const known: { readonly [part in keyof Required<PostgresParts>]: true } = {
  connectionString: true,
  host: true,
  port: true,
  database: true,
  username: true,
  password: true,
  connectTimeout: true,
  sessionTimezone: true,
  query: true,
}

/** Names that other clients have for what is meant. */
const meant: Readonly<Record<string, string>> = {
  user: '"username"',
  dbname: '"database"',
  ssl: '"query", for instance { sslmode: "verify-full" }',
  sslmode: '"query", for instance { sslmode: "verify-full" }',
  connectionTimeoutMillis: '"connectTimeout", in seconds',
}

/** A part that is not known would be left out without a word: another role, or no encryption. */
export const refuseUnknownParts = (parts: PostgresParts): void => {
  const unknown = Object.entries(parts).find(([name, value]) => value !== undefined && !Object.hasOwn(known, name))
  if (unknown === undefined) return
  const [name] = unknown
  const hint = Object.hasOwn(meant, name)
    ? `What is meant is ${meant[name]}.`
    : `Known are: ${Object.keys(known).join(', ')}.`
  throw refuseCredentials(`The Postgres credentials have a part "${name}", which is not known. ${hint}`)
}
