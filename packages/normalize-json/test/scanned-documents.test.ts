import { parseExactly } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShredder, encodePage, type Shredder, type ShredderOptions } from '../src/index.ts'

const wide: ShredderOptions = { maxNesting: 1000 }

/** How many of the lines the scanner took. */
function addScanned(shredder: Shredder, lines: readonly string[]): number {
  let taken = 0
  for (const line of lines) {
    const bytes = Buffer.from(`before\n${line}\nbehind`)
    const start = 'before\n'.length
    if (shredder.addText(bytes, start, start + Buffer.byteLength(line))) taken++
    else shredder.add(parseExactly(line))
  }
  return taken
}

/** Expects the same page from the scanner as from parsed documents, and answers how many lines the scanner took. */
function expectSamePage(lines: readonly string[], options: ShredderOptions = wide): number {
  const parsed = createShredder(options)
  for (const line of lines) parsed.add(parseExactly(line))
  const scanned = createShredder(options)
  const taken = addScanned(scanned, lines)
  const page = scanned.takePage()
  const expected = parsed.takePage()
  expect(page.summary).toEqual(expected.summary)
  expect(Buffer.from(encodePage(page)).equals(encodePage(expected))).toBe(true)
  return taken
}

function takes(line: string): boolean {
  const bytes = Buffer.from(line)
  return createShredder(wide).addText(bytes, 0, bytes.length)
}

describe('documents that are scanned, not parsed', () => {
  it.each([
    ['scalars', '{"a":1,"b":"x","c":true,"d":false,"e":null,"f":""}'],
    ['numbers', '{"a":0,"b":-0,"c":-0.0,"d":1.5,"e":-12.25,"f":123456789012345,"g":0.000000000000001,"h":2147483648}'],
    [
      'long numbers',
      '{"a":1234567890123456,"b":0.12345678901234567,"c":1e3,"d":-1E-7,"e":12345678901234567.5,"f":1e999}',
    ],
    ['integers that a number cannot hold', '{"a":9007199254740993,"b":[{"c":-12345678901234567890123}]}'],
    ['blanks', ' { "a" : 1 ,\t"b": [ { } , {"c" :2 } ] , "d":{ } }\t'],
    ['escapes', '{"a":"\\u00e9\\n\\"","b":"\\ud800","c":"x\\\\"}'],
    ['text that is not ASCII', '{"ä":"日本 🚢","b":"\u2028"}'],
    ['a mark at the beginning of a text', '{"a":"\ufeffx"}'],
    ['nested objects, first and last', '{"a":{"x":{"y":1},"z":2},"b":3,"c":{"x":4}}'],
    ['lists in objects and in lists', '{"a":{"l":[{"m":[{"n":1},{"n":2}]},{"m":[]}]},"b":[{"c":{"d":[{"e":1}]}}]}'],
    ['lists of scalars', '{"a":[1,"x",null,[2,[3]]],"b":[{"c":1},2],"d":[]}'],
    ['brackets and quotation marks in texts of lists', '{"a":["]","\\"}",{"b":"[{"}],"c":1}'],
    ['keys of objects in their prototypes', '{"__proto__":1,"constructor":"x","toJSON":{"hasOwnProperty":2}}'],
  ])('come to the same page: %s', (_what, line) => {
    expect(expectSamePage([line, '{"z":1,"a":2}', line])).toBe(3)
  })

  it.each([
    ['equal keys, of which the last counts', '{"a":1,"b":2,"a":"x"}'],
    ['keys that are numbers and come first', '{"b":1,"10":2,"9":3}'],
    ['keys with escapes', '{"a\\u0062":1,"\\ud800":2}'],
    ['equal keys below', '{"a":[{"b":{"c":1,"c":2}}]}'],
    ['what is no object', '[1,{"a":2}]'],
    ['a number', '5'],
  ])('are parsed: %s', (_what, line) => {
    expect(expectSamePage(['{"b":0,"a":0}', line, '{"a":1}'])).toBe(2)
  })

  it('do not take keys with escapes for others', () => {
    // The first document makes the fields that are foreseen for the second one.
    expectSamePage(['{"\\ud800":1}', '{"\ufffd":2}'])
    expectSamePage(['{"a\\"b":1}', '{"a":2,"b":1}'])
    expect(takes('{"a"b":1}')).toBe(false)
    const shredder = createShredder(wide)
    shredder.add({ 'a"b': 1 })
    expect(shredder.addText(Buffer.from('{"a"b":1}'), 0, 9)).toBe(false)
  })

  it('stay JSON below the deepest level and where a path says so', () => {
    const lines = [
      '{"a":{"b":{"c":{"d":1.50}}},"l":[{"m":{"n":[1, 2]}}],"k":{"x":[{"y":1}]}}',
      '{"k":[],"a":{"b":[{}]},"l":[[{"q":1}]]}',
    ]
    for (const maxNesting of [0, 1, 2, 3]) expect(expectSamePage(lines, { maxNesting })).toBe(2)
    expect(expectSamePage(lines, { maxNesting: 9, keepsJson: (_list, path) => path.at(-1) === 'k' })).toBe(2)
    expect(expectSamePage(lines, { maxNesting: 9, keepsJson: ({ path }) => path.length > 0 })).toBe(2)
  })

  it('grow beyond what was foreseen', () => {
    const items = Array.from({ length: 3000 }, (_, index) => ({ index, text: 'x'.repeat(index % 90) }))
    expect(expectSamePage([JSON.stringify({ items, long: 'y'.repeat(100_000) })])).toBe(1)
  })

  it.each([
    ...['{"a":1}x', '{"a":1', '{"a"}', '{"a":}', '{a:1}', '{"a":1,}', '{,}', '{"a" 1}', '{"a":1 "b":2}', '{"a":tru}'],
    ...[
      '{"a":nulL}',
      '{"a":falsy}',
      '{"a":01}',
      '{"a":-}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":+1}',
      '{"a":1e}',
      '{"a":1ex}',
    ],
    ...['{"a":"x}', '{"a":"\t"}', '{"a\t":1}', '{"a":"\\x"}', '{"a":[1}', '{"a":[{}', '{"a":[{},]}', '{"a":[{} {}]}'],
    ...[
      '{"a":{}',
      '{"a":NaN}',
      '{"a":1}{"b":2}',
      '{"a":"\\u12"}',
      '{"a":[1,]}',
      '{"a":--1}',
      '{"a":1-1}',
      '{"a":\u00a01}',
    ],
  ])('%j is left to the parser, which refuses it', (line) => {
    expect(() => JSON.parse(line)).toThrow()
    expect(takes(line)).toBe(false)
  })

  const key = fc.oneof(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.constantFrom('__proto__', '7', 'ä', 'x y', ''),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const { document } = fc.letrec<{ value: unknown; document: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('x', 'ż', '\ud83d', '"', '\\'),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(null, true, false),
      ),
      tie('document'),
      fc.array(tie('document'), { maxLength: 3 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    document: fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  }))
  const text = fc
    .tuple(document, fc.constantFrom('', ' ', '\t'))
    .map(([value, blank]) => JSON.stringify(value, undefined, blank).replaceAll('\n', blank))

  it('come to the same pages, whatever they hold', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), fc.constantFrom(0, 1, 2, 1000), (lines, maxNesting) => {
        taken += expectSamePage(lines, { maxNesting })
      }),
      { numRuns: 1500 },
    )
    expect(taken).toBeGreaterThan(500)
  })

  it('are JSON: damaged text is either refused or comes to the same page', () => {
    const damage = fc.constantFrom(...'{}[]",:0123456789.-+eEtrufalsn\\ \t\u0001/x')
    let taken = 0
    fc.assert(
      fc.property(text, fc.nat(), damage, fc.boolean(), (line, place, character, replaces) => {
        const at = place % (line.length + 1)
        const text = line.slice(0, at) + character + line.slice(replaces ? at + 1 : at)
        // Without the halves of pairs that were cut.
        const damaged = Buffer.from(text).toString()
        if (!takes(damaged)) return
        taken += expectSamePage([damaged])
      }),
      { numRuns: 5000 },
    )
    expect(taken).toBeGreaterThan(300)
  })
})
