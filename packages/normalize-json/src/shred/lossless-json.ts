/** Integers of 16 digits and more where a value may stand; also finds some that stand within texts, which does no harm. */
const longInteger = /(?:^|[[:,\s])-?\d{16,}(?![\d.eE])/

const integer = /^-?\d+$/

/** Whether JSON text may hold integers that a JavaScript number cannot. */
export function mayLoseDigits(text: string): boolean {
  return longInteger.test(text)
}

/** As many digits as a number cannot be trusted with: the largest integer that is always exact has sixteen itself. */
const longDigits = 16
const zero = 48
const nine = 57

/**
 * {@link mayLoseDigits} of UTF-8 text from `start` on, without decoding it. Sixteen digits in a row cover one of every
 * sixteen places, so that all others need no look.
 */
export function bytesMayLoseDigits(text: Uint8Array, start: number): boolean {
  for (let at = start + longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text[at])) continue
    let first = at
    while (first > start && isDigit(text[first - 1])) first--
    let end = at + 1
    while (isDigit(text[end])) end++
    if (end - first >= longDigits && isValueStart(text, first, start) && !isFraction(text[end])) return true
    // The next run begins behind this one.
    at = end
  }
  return false
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine
}

const valueStarts: ReadonlySet<number | undefined> = new Set(Buffer.from('[:, \t\n\r'))

function isValueStart(text: Uint8Array, digits: number, start: number): boolean {
  const sign = digits > start && text[digits - 1] === 45 ? 1 : 0
  const before = digits - sign - 1
  return before < start || valueStarts.has(text[before])
}

/** Numbers with a point or an exponent are not integers. */
const fractionMarks: ReadonlySet<number | undefined> = new Set(Buffer.from('.eE'))

function isFraction(byte: number | undefined): boolean {
  return fractionMarks.has(byte)
}

/** Parses JSON; integers beyond 2^53 become `bigint`. */
export function parseLossless(text: string): unknown {
  return parseWithSource(text, (value, source) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && integer.test(source) ? BigInt(source) : value,
  )
}

/** What the reviver of `JSON.parse` is told of each value; the built-in types do not know of it yet. */
interface ReviverContext {
  readonly source?: string
}

function parseWithSource(text: string, revive: (value: unknown, source: string) => unknown): unknown {
  const reviver = (_key: string, value: unknown, ...rest: readonly ReviverContext[]): unknown => {
    const source = rest[0]?.source
    return source === undefined ? value : revive(value, source)
  }
  return JSON.parse(text, reviver)
}
