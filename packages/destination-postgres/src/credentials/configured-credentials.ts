import type { PostgresOptions, PostgresParts } from '../options.ts'
import { partsOfConnectionString } from './connection-string.ts'

/** Credentials as they can be configured: a connection string, its parts, or both. */
export type ConfiguredCredentials = string | PostgresParts

/** Options, and what is configured beside the credentials that code gives. */
export interface ConfiguredOptions extends PostgresOptions {
  /** Default: nothing is configured. */
  readonly configuredCredentials?: ConfiguredCredentials
}

/** The parts of credentials. */
export const asParts = (credentials: ConfiguredCredentials): PostgresParts =>
  typeof credentials === 'string' ? { connectionString: credentials } : credentials

/** A part that is `undefined` counts as left out. */
const givenParts = (parts: PostgresParts): PostgresParts =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))

/**
 * What code gives, its gaps filled from what is configured: from the parts first, then from a configured connection string, which does not
 * count where code gives one. As in Python dlt.
 * @throws DltError CONFIGURATION for a configured connection string of another form
 */
export const completedByConfigured = (inCode: PostgresParts, configured: PostgresParts): PostgresParts => {
  const given = givenParts(inCode)
  const { connectionString, ...parts } = configured
  if (connectionString === undefined || given.connectionString !== undefined) return { ...parts, ...given }
  return { ...partsOfConnectionString(connectionString), ...parts, ...given }
}
