import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLiteralWriter, type LiteralStyle } from '../src/index.ts'

const escaping: LiteralStyle = { text: 'escape-string', binary: 'from-base64', characterFunction: 'chr', nul: 'keep' }
const standard: LiteralStyle = { text: 'standard', binary: 'hex-string', characterFunction: 'char', nul: 'keep' }

/** What a database makes of a literal: a reader written from the grammar, not from the writer. */
const readLiteral = (literal: string, style: LiteralStyle): string => {
  const body = literal.startsWith('(') ? literal.slice(1, -1) : literal
  const tokens = /(E?)'((?:[^'\\]|''|\\[\s\S]|\\)*?)'(?!')|(\w+)\((\d+)\)|(\|\|)/y
  let text = ''
  while (tokens.lastIndex < body.length) {
    const position = tokens.lastIndex
    const match = tokens.exec(body)
    if (match === null) throw new Error(`no literal at ${position}: ${body.slice(position, position + 40)}`)
    const [, isEscape, content, name, code] = match
    if (name === style.characterFunction) text += String.fromCharCode(Number(code))
    if (content === undefined) continue
    const plain = content.replaceAll("''", "'")
    text +=
      isEscape === 'E'
        ? plain.replaceAll(/\\([\s\S])/g, (_match, letter: string) => ({ n: '\n', r: '\r' })[letter] ?? letter)
        : plain
  }
  return text
}

/** The standard style has no escapes, so that its reader must not see any. */
const readStandard = (literal: string): string => {
  const parts = literal.match(/'(?:[^']|'')*'|char\(\d+\)/g) ?? []
  return parts
    .map((part) =>
      part.startsWith("'") ? part.slice(1, -1).replaceAll("''", "'") : String.fromCharCode(Number(part.slice(5, -1))),
    )
    .join('')
}

const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '\\', '\n', '\r', '\0', '"', '||', "E'", 'chr(0)', '--', '\u2028', '\\n'),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''))

describe('text literals', () => {
  it.each([
    ['', "E''"],
    ['plain', "E'plain'"],
    ["it's", "E'it''s'"],
    ['a\\b', "E'a\\\\b'"],
    ['a\nb\r', "E'a\\nb\\r'"],
    ['a\0b', "(E'a'||chr(0)||E'b')"],
    ['\0', 'chr(0)'],
  ])('with escapes: %j', (value, literal) => {
    expect(createLiteralWriter(escaping).text(value)).toBe(literal)
  })

  it.each([
    ['', "''"],
    ["it's \\n", "'it''s \\n'"],
    ['a\nb', "('a'||char(10)||'b')"],
    ['\r\n', '(char(13)||char(10))'],
  ])('without escapes: %j', (value, literal) => {
    expect(createLiteralWriter(standard).text(value)).toBe(literal)
  })

  it('may drop U+0000', () => {
    expect(createLiteralWriter({ ...escaping, nul: 'drop' }).text('a\0b\0')).toBe("E'ab'")
  })

  it('give any text back, and never break a line', () => {
    fc.assert(
      fc.property(nastyText, (value) => {
        const escaped = createLiteralWriter(escaping).text(value)
        expect(readLiteral(escaped, escaping)).toBe(value)
        const plain = createLiteralWriter(standard).text(value)
        expect(readStandard(plain)).toBe(value)
        expect(`${escaped}${plain}`).not.toMatch(/[\n\r\0]/)
      }),
    )
  })
})

it.each([
  ['from-base64', "from_base64('AP8n')"],
  ['from-hex', "from_hex('00ff27')"],
  ['hex-escape', "'\\x00ff27'"],
  ['hex-string', "X'00ff27'"],
] as const)('spells bytes as %s', (binary, literal) => {
  const memory = Uint8Array.of(9, 0, 255, 39, 9)
  expect(createLiteralWriter({ ...escaping, binary }).binary(memory.subarray(1, 4))).toBe(literal)
})
