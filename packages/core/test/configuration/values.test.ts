import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertValue, describeTarget, type ValueTarget } from '../../src/configuration/value-target.ts'

type Simple = Exclude<ValueTarget['type'], 'options' | 'union'>
const refused = Symbol('refused')

function converted(value: unknown, target: ValueTarget): unknown {
  const outcome = convertValue(value, target)
  return outcome.ok ? outcome.value : refused
}

describe('text becomes', () => {
  test.each<{ target: Simple; text: string; value: unknown }>([
    { target: 'text', text: ' as it is ', value: ' as it is ' },
    { target: 'any', text: '1', value: '1' },
    { target: 'boolean', text: 'true', value: true },
    { target: 'boolean', text: 'Yes', value: true },
    { target: 'boolean', text: 'T', value: true },
    { target: 'boolean', text: '1', value: true },
    { target: 'boolean', text: 'FALSE', value: false },
    { target: 'boolean', text: 'n', value: false },
    { target: 'boolean', text: '0', value: false },
    { target: 'boolean', text: ' true', value: refused },
    { target: 'boolean', text: 'on', value: refused },
    { target: 'boolean', text: '', value: refused },
    { target: 'number', text: '12', value: 12 },
    { target: 'number', text: ' 12 ', value: 12 },
    { target: 'number', text: '-5', value: -5 },
    { target: 'number', text: '0x1f', value: 31 },
    { target: 'number', text: '1_000', value: 1000 },
    { target: 'number', text: '-23814796196702990', value: -23_814_796_196_702_990 },
    { target: 'number', text: '1.5', value: 1.5 },
    { target: 'number', text: '1e3', value: 1000 },
    { target: 'number', text: 'inf', value: Number.POSITIVE_INFINITY },
    { target: 'number', text: '1,5', value: refused },
    { target: 'number', text: '', value: refused },
    { target: 'number', text: 'twelve', value: refused },
    { target: 'integer', text: '12', value: 12 },
    { target: 'integer', text: '0x10', value: 16 },
    { target: 'integer', text: '1.0', value: refused },
    { target: 'integer', text: '1e3', value: refused },
    { target: 'bigint', text: '9223372036854775807', value: 9_223_372_036_854_775_807n },
    { target: 'bigint', text: '1.5', value: refused },
    { target: 'list', text: '["a", 1]', value: ['a', 1] },
    { target: 'list', text: '{"a": 1}', value: refused },
    { target: 'list', text: 'a, b', value: refused },
    { target: 'record', text: '{"a": {"b": [1]}}', value: { a: { b: [1] } } },
    { target: 'record', text: '[]', value: refused },
    { target: 'record', text: 'null', value: refused },
    { target: 'date', text: '2024-01-31', value: new Date('2024-01-31T00:00:00Z') },
    { target: 'date', text: '2024-01-31T10:00:00+02:00', value: new Date('2024-01-31T08:00:00Z') },
    { target: 'date', text: '2024-01-31T10:00:00.250Z', value: new Date('2024-01-31T10:00:00.250Z') },
    { target: 'date', text: 'tomorrow', value: refused },
  ])('$target: "$text"', ({ target, text, value }) => {
    expect(converted(text, { type: target })).toEqual(value)
  })
})

describe('values of other types', () => {
  test.each<{ target: Simple; given: unknown; value: unknown }>([
    { target: 'text', given: 5, value: '5' },
    { target: 'text', given: 1.5, value: '1.5' },
    { target: 'text', given: true, value: 'True' },
    { target: 'text', given: 12n, value: '12' },
    { target: 'text', given: ['a', 2n ** 60n], value: '["a",1152921504606846976]' },
    { target: 'text', given: new Date(Number.NaN), value: refused },
    { target: 'text', given: new Date('2024-01-31T00:00:00Z'), value: '2024-01-31T00:00:00.000Z' },
    { target: 'number', given: 1.5, value: 1.5 },
    { target: 'number', given: 12n, value: 12 },
    { target: 'number', given: 2n ** 60n, value: 2 ** 60 },
    { target: 'number', given: 2n ** 60n + 1n, value: refused },
    { target: 'number', given: true, value: refused },
    { target: 'integer', given: 12, value: 12 },
    { target: 'integer', given: 1.5, value: refused },
    { target: 'bigint', given: 12, value: 12n },
    { target: 'boolean', given: true, value: true },
    { target: 'boolean', given: 0, value: false },
    { target: 'list', given: [1], value: [1] },
    { target: 'list', given: 'x', value: refused },
    { target: 'record', given: { a: 1 }, value: { a: 1 } },
    { target: 'record', given: new Map(), value: refused },
    { target: 'date', given: new Date(5), value: new Date(5) },
    { target: 'date', given: 0, value: new Date(0) },
    { target: 'date', given: ['x'], value: refused },
    { target: 'any', given: { a: [1] }, value: { a: [1] } },
  ])('$target from $given', ({ target, given, value }) => {
    expect(converted(given, { type: target })).toEqual(value)
  })
})

test('a date is a copy, and no date of a TOML parser', () => {
  class ParsedDate extends Date {}
  const given = new ParsedDate(5)
  const value = converted(given, { type: 'date' })
  expect(value).not.toBe(given)
  expect(Object.getPrototypeOf(value)).toBe(Date.prototype)
})

describe('options and unions', () => {
  test('an option is found in its own type', () => {
    const target: ValueTarget = { type: 'options', options: ['a', 1, true, null] }
    expect(converted('a', target)).toBe('a')
    expect(converted('1', target)).toBe(1)
    expect(converted('true', target)).toBe(true)
    expect(converted(null, target)).toBeNull()
    expect(converted('b', target)).toBe(refused)
  })

  test('the first type of a union that fits is taken', () => {
    const target: ValueTarget = { type: 'union', targets: [{ type: 'boolean' }, { type: 'number' }, { type: 'text' }] }
    expect(converted('yes', target)).toBe(true)
    expect(converted('12', target)).toBe(12)
    expect(converted('x', target)).toBe('x')
    expect(converted('x', { type: 'union', targets: [] })).toBe(refused)
  })

  test.each<{ target: ValueTarget; words: string }>([
    { target: { type: 'integer' }, words: 'a whole number' },
    { target: { type: 'options', options: ['a', 1] }, words: 'one of "a", "1"' },
    { target: { type: 'union', targets: [{ type: 'bigint' }, { type: 'integer' }] }, words: 'a whole number' },
    {
      target: { type: 'union', targets: [{ type: 'text' }, { type: 'list' }] },
      words: 'text or a list (as text: JSON)',
    },
  ])('$words', ({ target, words }) => {
    expect(describeTarget(target)).toBe(words)
  })
})

describe('for any value', () => {
  test('its text gives it back', () => {
    const values = fc.oneof(
      fc.record({ target: fc.constant<Simple>('number'), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      fc.record({ target: fc.constant<Simple>('integer'), value: fc.maxSafeInteger() }),
      fc.record({ target: fc.constant<Simple>('boolean'), value: fc.boolean() }),
      fc.record({
        target: fc.constant<Simple>('bigint'),
        value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      }),
    )
    fc.assert(
      fc.property(values, ({ target, value }) => {
        // A negative zero has the text of zero.
        expect(converted(String(value), { type: target })).toEqual(Object.is(value, -0) ? 0 : value)
      }),
    )
  })

  test('conversion never throws', () => {
    const types: readonly Simple[] = ['any', 'text', 'number', 'integer', 'bigint', 'boolean', 'date', 'list', 'record']
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (type, value) => {
          expect(() => convertValue(value, { type })).not.toThrow()
        },
      ),
    )
  })
})
