/** How a destination spells text literals. Both double single quotes. */
export type TextLiteralStyle =
  /** `E'…'`: backslash is an escape character; line feeds and carriage returns are written `\n` and `\r`. */
  | 'escape-string'
  /** `'…'`: backslash stands for itself; line feeds and carriage returns become `lineFeed` and `carriageReturn` expressions. */
  | 'standard'

/** How a destination spells binary literals. */
export type BinaryLiteralStyle =
  /** `from_base64('YWI=')` */
  | 'from-base64'
  /** `from_hex('6162')` */
  | 'from-hex'
  /** `'\x6162'`, which needs standard strings */
  | 'hex-escape'
  /** `X'6162'` */
  | 'hex-string'

/**
 * How values are spelled inside a statement, as data: writers of `insert_values` files and SQL clients share it.
 * A literal never contains a line break, so that a file of literals can be cut at its lines.
 */
export interface LiteralStyle {
  readonly text: TextLiteralStyle
  readonly binary: BinaryLiteralStyle
  /** Expression that yields a given character and can be concatenated with `||`; for instance `chr`: `chr(0)`. */
  readonly characterFunction: string
  /** What happens to U+0000 in text: kept through `characterFunction`, or dropped because no text can hold it. */
  readonly nul: 'keep' | 'drop'
}

/** Spells a value of one kind as a literal. */
export interface LiteralWriter {
  /** A text, also the text form of dates, times, timestamps, decimals and JSON. */
  text(value: string): string
  /** Bytes. */
  binary(value: Uint8Array): string
}

const concatenated = (parts: readonly string[]): string =>
  parts.length === 1 ? (parts[0] ?? '') : `(${parts.join('||')})`

/** Splits at characters that need a function call; most texts have none and take no part in it. */
const withCalls = (
  value: string,
  special: RegExp,
  quote: (part: string) => string,
  call: (code: number) => string,
): string => {
  const parts: string[] = []
  for (const part of value.split(special)) {
    if (part === '') continue
    parts.push(part.length === 1 && part.charCodeAt(0) < 32 ? call(part.charCodeAt(0)) : quote(part))
  }
  return concatenated(parts.length === 0 ? [quote('')] : parts)
}

const quoted = (value: string): string => `'${value.includes("'") ? value.replaceAll("'", "''") : value}'`

const escapable = /['\\\n\r]/
const escaped = (value: string): string => {
  if (!escapable.test(value)) return `E'${value}'`
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
}

const textWriter = (style: LiteralStyle): ((value: string) => string) => {
  const call = (code: number): string => `${style.characterFunction}(${code})`
  const [quote, special] = style.text === 'escape-string' ? [escaped, /(\0)/] : [quoted, /([\0\n\r])/]
  return (value) => {
    const kept = style.nul === 'drop' && value.includes('\0') ? value.replaceAll('\0', '') : value
    return special.test(kept) ? withCalls(kept, special, quote, call) : quote(kept)
  }
}

const binaryWriters: { readonly [style in BinaryLiteralStyle]: (bytes: Buffer) => string } = {
  'from-base64': (bytes) => `from_base64('${bytes.toString('base64')}')`,
  'from-hex': (bytes) => `from_hex('${bytes.toString('hex')}')`,
  'hex-escape': (bytes) => `'\\x${bytes.toString('hex')}'`,
  'hex-string': (bytes) => `X'${bytes.toString('hex')}'`,
}

/** Makes the literal writer of a style. The only place where values become part of a statement's text. */
export const createLiteralWriter = (style: LiteralStyle): LiteralWriter => {
  const binary = binaryWriters[style.binary]
  return {
    text: textWriter(style),
    binary: (value) => binary(Buffer.from(value.buffer, value.byteOffset, value.byteLength)),
  }
}
