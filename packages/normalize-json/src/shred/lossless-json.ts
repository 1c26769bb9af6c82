/** Integers of 16 digits and more where a value may stand; also finds some that stand within texts, which does no harm. */
const longInteger = /(?:^|[[:,\s])-?\d{16,}(?![\d.eE])/

const integer = /^-?\d+$/

/** Whether JSON text may hold integers that a JavaScript number cannot. */
export function mayLoseDigits(text: string): boolean {
  return longInteger.test(text)
}

/** Parses JSON; integers beyond 2^53 become `bigint`. */
export function parseLossless(text: string): unknown {
  return parseWithSource(text, (value, source) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && integer.test(source) ? BigInt(source) : value,
  )
}

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** `JSON.parse` whose reviver sees the text of each value; the built-in type does not know of it yet. */
const parseWithReviver: (text: string, reviver: SourceReviver) => unknown = JSON.parse

function parseWithSource(text: string, revive: (value: unknown, source: string) => unknown): unknown {
  return parseWithReviver(text, (_key, value, { source }) => (source === undefined ? value : revive(value, source)))
}
