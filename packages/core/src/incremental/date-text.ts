import { formatTimestamp, parseIsoDate, parseIsoTimestamp } from '@dlt/schema'

/** A date or date-time that was read from a text, and how to write another in the same form. */
export interface DateText {
  /** Whether the form is that of a day, not of a time or of a longer stretch. */
  readonly isDay: boolean
  /** Microseconds since 1970 by the clock of the text. */
  readonly wall: bigint
  /** Microseconds that this clock is ahead of UTC; `undefined` when the text does not say. */
  readonly offset: bigint | undefined
  /** Writes another time by the same clock. */
  write(wall: bigint): string
}

interface Form {
  readonly pattern: RegExp
  readonly isDay?: boolean
  readonly iso: (part: Readonly<Record<string, string | undefined>>) => string
  readonly text: (iso: string, zone: string) => string
}

const whole = (iso: string): string => iso.slice(0, 19)
const sixDigits = (iso: string): string => (iso.slice(19, 20) === '.' ? iso.slice(20, 26) : '000000')

/** The forms that the reference system knows, with what `strftime` writes for them. */
const forms: readonly Form[] = [
  {
    pattern: /^(?<clock>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(?<fraction>\d+)(?<zone>Z|[+-]\d\d:?\d\d)$/,
    iso: ({ clock, fraction = '' }) => `${clock}.${fraction.slice(0, 6)}`,
    text: (iso, zone) => `${whole(iso)}.${sixDigits(iso)}${zone}`,
  },
  {
    pattern: /^(?<clock>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?<zone>Z|[+-]\d\d:?\d\d)?$/,
    iso: ({ clock = '' }) => clock,
    text: (iso, zone) => `${whole(iso)}${zone}`,
  },
  {
    pattern: /^(?<clock>\d{4}-\d\d-\d\dT\d\d:\d\d)$/,
    iso: ({ clock }) => `${clock}:00`,
    text: (iso) => iso.slice(0, 16),
  },
  {
    pattern: /^(?<clock>\d{4}-\d\d-\d\dT\d\d)$/,
    iso: ({ clock }) => `${clock}:00:00`,
    text: (iso) => iso.slice(0, 13),
  },
  {
    pattern: /^(?<day>\d{4}-\d\d-\d\d)$/,
    isDay: true,
    iso: ({ day }) => `${day}T00:00:00`,
    text: (iso) => iso.slice(0, 10),
  },
  { pattern: /^(?<month>\d{4}-\d\d)$/, iso: ({ month }) => `${month}-01T00:00:00`, text: (iso) => iso.slice(0, 7) },
  { pattern: /^(?<year>\d{4})$/, iso: ({ year }) => `${year}-01-01T00:00:00`, text: (iso) => iso.slice(0, 4) },
  {
    pattern: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
    isDay: true,
    iso: ({ year, month, day }) => `${year}-${month}-${day}T00:00:00`,
    text: (iso) => iso.slice(0, 10).replaceAll('-', ''),
  },
  {
    pattern: /^(?<year>\d{4})(?<month>\d\d)$/,
    iso: ({ year, month }) => `${year}-${month}-01T00:00:00`,
    text: (iso) => iso.slice(0, 7).replace('-', ''),
  },
  {
    pattern: /^(?<year>\d{4})-W(?<week>\d\d)(?:-(?<weekday>\d))?$/,
    iso: ({ year, week, weekday = '1' }) => `${dayOfWeek(Number(year), Number(week), Number(weekday))}T00:00:00`,
    text: (iso) => weekOf(iso),
  },
  {
    pattern: /^(?<year>\d{4})-(?<ordinal>\d{3})$/,
    iso: ({ year, ordinal }) => `${dayOfYear(Number(year), Number(ordinal))}T00:00:00`,
    text: (iso) => `${iso.slice(0, 4)}-${String(ordinalOf(iso)).padStart(3, '0')}`,
  },
]

/** Reads a text in one of the known forms; `undefined` for any other text, and for days that do not exist. */
export function readDateText(text: string): DateText | undefined {
  for (const { pattern, isDay = false, iso, text: write } of forms) {
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) continue
    const wall = parseIsoTimestamp(iso(groups))
    if (wall === undefined) return undefined
    const zone = groups['zone'] ?? ''
    const shorten = /^\d{4}-W\d\d$/.test(text) ? 8 : undefined
    return {
      isDay,
      wall,
      offset: offsetOf(zone),
      write: (next) => write(formatTimestamp(next), zone).slice(0, shorten),
    }
  }
  return undefined
}

function offsetOf(zone: string): bigint | undefined {
  if (zone === '') return undefined
  if (zone === 'Z') return 0n
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return BigInt(zone.startsWith('-') ? -minutes : minutes) * 60_000_000n
}

const dayMilliseconds = 86_400_000

function dayText(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString().slice(0, 10)
}

function daysOf(iso: string): number {
  return parseIsoDate(iso.slice(0, 10)) ?? Number.NaN
}

function yearStart(year: number | string): number {
  return daysOf(`${String(year).padStart(4, '0')}-01-01`)
}

function ordinalOf(iso: string): number {
  return daysOf(iso) - yearStart(iso.slice(0, 4)) + 1
}

function dayOfYear(year: number, ordinal: number): string {
  const day = dayText((yearStart(year) + ordinal - 1) * dayMilliseconds)
  return day.startsWith(String(year).padStart(4, '0')) ? day : ''
}

/** Monday is 1, as in ISO 8601; the first day of 1970 was a Thursday. */
function weekdayOf(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

/** The first Monday of an ISO year: that of the week with the fourth of January. */
function firstMonday(year: number): number {
  const fourth = yearStart(year) + 3
  return fourth - weekdayOf(fourth) + 1
}

function dayOfWeek(year: number, week: number, weekday: number): string {
  const days = firstMonday(year) + (week - 1) * 7 + weekday - 1
  const isValid = week >= 1 && weekday >= 1 && weekday <= 7 && days < firstMonday(year + 1)
  return isValid ? dayText(days * dayMilliseconds) : ''
}

function weekOf(iso: string): string {
  const days = daysOf(iso)
  const weekday = weekdayOf(days)
  const year = Number(dayText((days - weekday + 4) * dayMilliseconds).slice(0, 4))
  const week = Math.floor((days - firstMonday(year)) / 7) + 1
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}-${weekday}`
}
