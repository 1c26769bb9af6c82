/**
 * The id of a new load package: seconds since 1970 as text with a fraction, as the reference system writes it. Ids grow, also
 * when the clock was set back: the next one is the current time, or the last known id plus the smallest step, whichever is later.
 *
 * @param last the highest id known; undefined when there is none
 * @param now milliseconds since 1970
 */
export function nextLoadId(last: string | undefined, now: number = currentTime()): string {
  const seconds = now / 1000
  const known = last === undefined ? 0 : Number(last)
  return loadIdText(seconds > known ? seconds : nextNumber(known))
}

// The clock has milliseconds only. Pipelines that start in the same one must not get the same id in a dataset that they share.
function currentTime(): number {
  return Date.now() + Math.random()
}

/** Whether a text is a load id. */
export function isLoadId(text: string): boolean {
  return /^\d+\.\d+$/.test(text)
}

/** When a package was made, as its load id tells. */
export function loadIdTime(loadId: string): Date {
  return new Date(Number(loadId) * 1000)
}

/** Orders load ids by time. */
export function compareLoadIds(one: string, other: string): number {
  return Number(one) - Number(other)
}

/** The latest of some load ids. */
export function latestLoadId(loadIds: Iterable<string>): string | undefined {
  let latest: string | undefined
  for (const loadId of loadIds) {
    if (latest === undefined || compareLoadIds(loadId, latest) > 0) latest = loadId
  }
  return latest
}

function loadIdText(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)
}

// The next number that a double can hold.
function nextNumber(value: number): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer)
  bits[0] = (bits[0] ?? 0n) + 1n
  return new Float64Array(bits.buffer)[0] ?? value
}
