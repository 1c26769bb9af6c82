/** Integers of 16 digits and more where a value may stand; also finds some that stand within texts, which does no harm. */
const longInteger = /(?:^|[[:,\s])-?\d{16,}(?![\d.eE])/

const integer = /^-?\d+$/

/** Parses JSON; integers beyond 2^53 become `bigint`. */
export function parseExactly(text: string): unknown {
  return longInteger.test(text) ? parseLossless(text) : JSON.parse(text)
}

function parseLossless(text: string): unknown {
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
