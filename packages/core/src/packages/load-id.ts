/**
 * The id of a new load package: seconds since 1970 as text with a fraction, as the reference system writes it. Ids grow, also
 * when the clock was set back: the next one is the current time or the last known id plus the smallest step, whichever is later.
 *
 * @param last the highest id known; undefined when there is none
 * @param now milliseconds since 1970, with a fraction
 */
export function nextLoadId(last: string | undefined, now: number = performance.timeOrigin + performance.now()): string {
  const seconds = Math.round(now * 1000) / 1_000_000
  const known = last === undefined ? 0 : Number(last)
  return loadIdText(seconds > known ? seconds : nextNumber(known))
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
