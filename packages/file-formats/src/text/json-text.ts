import type { ByteSink } from '../byte-sink.ts'

const hexDigits = '0123456789abcdef'
const quote = 0x22
const backslash = 0x5c
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20

/** Escapes by byte; bytes of characters above U+007F stand for themselves. */
const escapes: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  if (code === quote) return '\\"'
  if (code === backslash) return '\\\\'
  if (code >= space) return undefined
  const short: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' }
  return short[code] ?? `\\u00${hexDigits[code >> 4]}${hexDigits[code & 15]}`
})

/** Tells quickly which bytes need an escape. */
const needsEscape = Uint8Array.from(escapes, (replacement) => (replacement === undefined ? 0 : 1))

/** Writes UTF-8 text as a JSON string: only quotes, backslashes and characters below U+0020 are escaped. */
export function writeJsonString(sink: ByteSink, text: Uint8Array, start: number, end: number): void {
  sink.byte(quote)
  let from = start
  for (let index = start; index < end; index++) {
    const code = text[index] ?? 0
    if (needsEscape[code] === 0) continue
    sink.range(text, from, index)
    sink.ascii(escapes[code] ?? '')
    from = index + 1
  }
  sink.range(text, from, end)
  sink.byte(quote)
}

/** Writes JSON text on one line: a line break in JSON is never part of a value, so a space takes its place. */
export function writeJsonOnOneLine(sink: ByteSink, json: Uint8Array, start: number, end: number): void {
  let from = start
  for (let index = start; index < end; index++) {
    const code = json[index]
    if (code !== lineFeed && code !== carriageReturn) continue
    sink.range(json, from, index)
    sink.byte(space)
    from = index + 1
  }
  sink.range(json, from, end)
}
