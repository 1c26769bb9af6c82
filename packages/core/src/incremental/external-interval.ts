import { DltError, parseIsoDate, parseIsoTimestamp } from '@dlt/schema'
import { isTimeZone } from './time-zone.ts'

/** The stretch of time that a scheduler asks to load. */
export interface TimeInterval {
  /** Its first instant. */
  readonly start: Date
  /** The instant after its last one. */
  readonly end: Date
  /** IANA name of the zone in which its days begin. */
  readonly timeZone: string
}

/** What the environment says about a scheduler. */
export interface ExternalSchedule {
  /** The interval; absent when the environment names none. */
  readonly interval?: TimeInterval
  /** Whether incrementals without `allowExternalSchedulers` take it over; absent when the environment does not say. */
  readonly isAllowed?: boolean
  /** Zone of days and of date-times without a zone: `DLT_INTERVAL_TIMEZONE`, UTC where it is not set. */
  readonly timeZone: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads `DLT_INTERVAL_START`, `DLT_INTERVAL_END`, `DLT_INTERVAL_TIMEZONE` and `DLT_ALLOW_EXTERNAL_SCHEDULERS`. A start without
 * an end, or an end without a start, is no interval.
 *
 * @throws DltError `CONFIGURATION` naming the variable that cannot be read
 */
export function readExternalSchedule(environment: Environment = process.env): ExternalSchedule {
  const timeZone = readTimeZone(environment['DLT_INTERVAL_TIMEZONE'])
  const isAllowed = readFlag(environment['DLT_ALLOW_EXTERNAL_SCHEDULERS'])
  const interval = readInterval(environment, timeZone)
  return { timeZone, ...(isAllowed !== undefined && { isAllowed }), ...(interval !== undefined && { interval }) }
}

function readInterval(environment: Environment, timeZone: string): TimeInterval | undefined {
  const first = environment['DLT_INTERVAL_START']
  const last = environment['DLT_INTERVAL_END']
  if (!first || !last) return undefined
  const start = readTime('DLT_INTERVAL_START', first)
  const end = readTime('DLT_INTERVAL_END', last)
  // It would load nothing, and nobody would notice.
  if (start > end) throw wrong('DLT_INTERVAL_START', 'a time that is not behind DLT_INTERVAL_END')
  return { start, end, timeZone }
}

/** The interval that a scheduler asks for: `dlt.current.interval()`. Errors as {@link readExternalSchedule}. */
export function currentInterval(environment: Environment = process.env): TimeInterval | undefined {
  return readExternalSchedule(environment).interval
}

function readTime(name: string, text: string): Date {
  const day = parseIsoDate(text)
  const microseconds = parseIsoTimestamp(text) ?? (day === undefined ? undefined : BigInt(day) * 86_400_000_000n)
  if (microseconds === undefined) throw wrong(name, 'a time in UTC like 2024-01-31T00:00:00Z')
  return new Date(Math.floor(Number(microseconds) / 1000))
}

function readTimeZone(zone: string | undefined): string {
  if (!zone) return 'UTC'
  if (!isTimeZone(zone)) throw wrong('DLT_INTERVAL_TIMEZONE', 'the name of a zone like Europe/Berlin')
  return zone
}

function readFlag(text: string | undefined): boolean | undefined {
  if (!text) return undefined
  const flag = text.toLowerCase()
  if (['yes', 'true', 't', 'y', '1'].includes(flag)) return true
  if (['no', 'false', 'f', 'n', '0'].includes(flag)) return false
  throw wrong('DLT_ALLOW_EXTERNAL_SCHEDULERS', 'true or false')
}

function wrong(variable: string, expected: string): DltError {
  return new DltError(`The environment variable ${variable} must be ${expected}. Correct it, or unset it.`, {
    code: 'CONFIGURATION',
    context: { variable },
  })
}
