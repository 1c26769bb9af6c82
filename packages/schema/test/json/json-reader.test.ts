import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DltError, type OrderedJson, plainJson, readJson, readJsonWith } from '../../src/index.ts'

function entries(value: OrderedJson): readonly (readonly [string, OrderedJson])[] {
  if (!(value instanceof Map)) throw new Error('not an object')
  return [...value]
}

function plain(value: OrderedJson): unknown {
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item)]))
  if (typeof value === 'bigint') return Number(value)
  return Array.isArray(value) ? value.map(plain) : value
}

describe('what JSON.parse loses', () => {
  it('the order of keys that look like integers', () => {
    expect(entries(readJson('{"10":1,"b":2,"2":3,"1":4}'))).toEqual([
      ['10', 1],
      ['b', 2],
      ['2', 3],
      ['1', 4],
    ])
  })

  it('keys that mean something to objects', () => {
    expect(entries(readJson('{"__proto__":1,"constructor":{"__proto__":[]}}'))).toEqual([
      ['__proto__', 1],
      ['constructor', new Map([['__proto__', []]])],
    ])
  })

  it('digits of integers', () => {
    expect(readJson('[9007199254740993, -9007199254740993, 123456789012345678901234567890]')).toEqual([
      9007199254740993n,
      -9007199254740993n,
      123456789012345678901234567890n,
    ])
    expect(readJson('[9007199254740991, 1.0, 1e3, -0, 1e400]')).toEqual([
      9007199254740991,
      1,
      1000,
      -0,
      Number.POSITIVE_INFINITY,
    ])
  })

  it('the text of numbers, which a function may look at', () => {
    expect(readJsonWith('[1.0, 1, -2.50e-3]', (text) => `<${text}>`)).toEqual(['<1.0>', '<1>', '<-2.50e-3>'])
  })
})

describe('agreement with JSON.parse', () => {
  it('on everything that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(plain(readJson(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('on what is no JSON', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e',
      't',
      'true',
      'null',
      '\\',
      '\\u00',
      ' ',
      '0',
    )
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 8 }), (fragments) => {
        const text = fragments.join('')
        const attempt = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text)
            return true
          } catch {
            return false
          }
        }
        expect([text, attempt(readJson)]).toEqual([text, attempt(JSON.parse)])
      }),
      { numRuns: 2000 },
    )
  })

  it('on keys given twice: the last value counts', () => {
    expect(entries(readJson('{"a":1,"b":2,"a":3}'))).toEqual([
      ['a', 3],
      ['b', 2],
    ])
  })
})

describe('errors', () => {
  it.each([
    ['', 'line 1, column 1: the text ends where a value should begin'],
    ['{\n  "a": 1,\n  b: 2\n}', 'line 3, column 3: a key in double quotes is missing'],
    ['{"a" 1}', 'line 1, column 6: ":" is missing after a key'],
    ['[1\n 2]', 'line 2, column 2: "," or "]" is missing'],
    ['{"a":1', 'line 1, column 7: "," or "}" is missing'],
    ['[1,]', 'line 1, column 4: a value should begin here'],
    ['"abc', 'line 1, column 5: a string has no end'],
    ['"a\nb"', 'line 1, column 3: a control character is not escaped'],
    ['"\\x"', 'line 1, column 2: an escape sequence is unknown'],
    ['"\\u12g4"', 'line 1, column 2: an escape sequence is unknown'],
    ['tru', 'line 1, column 1: a value should begin here'],
    ['1 2', 'line 1, column 3: there is text after the end of the value'],
  ])('in %j name the place', (text, message) => {
    expect(() => readJson(text, 'The file')).toThrow(`The file is not valid at ${message}. Correct the text there.`)
  })

  it('carry the line', () => {
    const attempt = () => readJson('[\n\n!')
    expect(attempt).toThrow(expect.toSatisfy((error: unknown) => DltError.is(error) && error.context.line === 3))
  })

  it('never show what the text holds', () => {
    expect(() => readJson('{"password": "secret" "x"}')).toThrow(expect.not.stringContaining('secret'))
  })

  it('stop at 1000 levels', () => {
    expect(() => readJson('['.repeat(1200))).toThrow('nested more than 1000 levels deep')
    expect(plainJson(readJson('['.repeat(900) + ']'.repeat(900)))).toHaveLength(1800)
  })
})
