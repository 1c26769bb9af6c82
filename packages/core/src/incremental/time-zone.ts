/** Reads and writes the clock of a zone, as Python's `zoneinfo` does. All times are microseconds since 1970. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether the runtime knows a zone by this IANA name. */
export function isTimeZone(zone: string): boolean {
  try {
    return !/^[+-]/.test(zone) && formatOf(zone) !== undefined
  } catch {
    return false
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}

/** Microseconds that the clock of a zone is ahead of UTC at an instant. */
function offsetAt(instant: bigint, zone: string): bigint {
  if (zone === 'UTC') return 0n
  const seconds = Math.floor(Number(instant / 1000n) / 1000)
  const parts = new Map(
    formatOf(zone)
      .formatToParts(seconds * 1000)
      .map(({ type, value }) => [type, value]),
  )
  const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name))
  const wall = new Date(0)
  wall.setUTCFullYear(
    parts.get('era') === 'BC' ? 1 - number('year') : number('year'),
    number('month') - 1,
    number('day'),
  )
  wall.setUTCHours(number('hour'), number('minute'), number('second'))
  return BigInt(wall.getTime() - seconds * 1000) * 1000n
}

/** What the clock of a zone shows at an instant. */
export function wallClockAt(instant: bigint, zone: string): bigint {
  return instant + offsetAt(instant, zone)
}

const day = 86_400_000_000n

/**
 * The instant at which the clock of a zone shows a time. Of two such instants the earlier counts; a time that the clock skips is
 * read with the offset before the gap.
 */
export function instantOfWallClock(wall: bigint, zone: string): bigint {
  const before = wall - offsetAt(wall - day, zone)
  if (wallClockAt(before, zone) === wall) return before
  const after = wall - offsetAt(wall + day, zone)
  return wallClockAt(after, zone) === wall ? after : before
}
