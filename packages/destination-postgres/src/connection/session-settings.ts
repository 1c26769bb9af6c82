import type { PostgresOptions } from '../options.ts'

/** What the statements of a transaction run with. */
export interface SessionSettings {
  readonly timezone: string
  readonly lockTimeout: number
  readonly statementTimeout?: number
}

/** Default of the option `lockTimeout`, in milliseconds. */
const usualLockTimeout = 10_000

/** The settings that options ask for. */
export const sessionSettings = (
  { lockTimeout = usualLockTimeout, statementTimeout }: PostgresOptions,
  timezone: string,
): SessionSettings => ({
  timezone,
  lockTimeout,
  ...(statementTimeout !== undefined && { statementTimeout }),
})

/**
 * Begins a transaction whose settings end with it: a pooler may give the next transaction another session of the server. Texts of times and
 * bytes have one form, whatever the role or the database has set. Every statement sees what was committed before it, so that who has waited
 * for a lock sees what its holder did.
 */
export const beginStatement = (
  { timezone, lockTimeout, statementTimeout }: SessionSettings,
  mode: '' | ' READ ONLY' = '',
): string =>
  [
    `BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED${mode}`,
    `SET LOCAL TimeZone = '${timezone}'`,
    `SET LOCAL DateStyle = 'ISO, YMD'`,
    `SET LOCAL bytea_output = 'hex'`,
    `SET LOCAL extra_float_digits = 1`,
    `SET LOCAL lock_timeout = ${lockTimeout}`,
    ...(statementTimeout === undefined ? [] : [`SET LOCAL statement_timeout = ${statementTimeout}`]),
  ].join('; ')
