import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DltError, FloatNumber, PlainDate, PlainTime, PreciseDateTime, plainJson } from '../../src/index.ts'

describe('numbers', () => {
  it.each([
    [1, '1'],
    [1.5, '1.5'],
    [-0, '0'],
    [2 ** 53, '9007199254740992'],
    [1e17, '100000000000000000'],
    [2 ** 63, '9.223372036854776e+18'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [0.00001, '0.00001'],
    [0.000001, '1e-6'],
    [10n ** 30n, `1${'0'.repeat(30)}`],
    [-5n, '-5'],
    [Number.NaN, 'null'],
    [Number.NEGATIVE_INFINITY, 'null'],
  ])('%s becomes %s', (value, text) => {
    expect(plainJson(value)).toBe(text)
  })

  it('are fractions when they are told to be', () => {
    expect(plainJson([new FloatNumber(1), new FloatNumber(-0), new FloatNumber(1e16)])).toBe('[1.0,-0.0,1e+16]')
  })
})

describe('texts', () => {
  it('are escaped no more than JSON demands', () => {
    expect(plainJson('"\\/\b\t\n\f\r\u001f\u007f\u2028żóß😀')).toBe('"\\"\\\\/\\b\\t\\n\\f\\r\\u001f\u007f\u2028żóß😀"')
  })
})

describe('values that JSON has no form for', () => {
  it.each([
    [new Date('2024-01-02T03:04:05Z'), '"2024-01-02T03:04:05+00:00"'],
    [new Date('2024-01-02T03:04:05.06Z'), '"2024-01-02T03:04:05.060000+00:00"'],
    [new Date('1969-12-31T23:59:59.999Z'), '"1969-12-31T23:59:59.999000+00:00"'],
    [new PreciseDateTime(1n, true), '"1970-01-01T00:00:00.000001+00:00"'],
    [new PreciseDateTime(1n, false), '"1970-01-01T00:00:00.000001"'],
    [new PlainDate(19724), '"2024-01-02"'],
    [new PlainTime(3_723_000_004n), '"01:02:03.000004"'],
    [new Uint8Array([97, 98]), '"YWI="'],
    [Buffer.from('xab').subarray(1), '"YWI="'],
    [new Decimal('1.5'), '"1.5"'],
    [new Decimal('1e30'), `"1${'0'.repeat(30)}"`],
    [new Decimal('1e-7'), '"1E-7"'],
    [new Decimal('-0.000001'), '"-0.000001"'],
    [new Decimal(Number.NaN), '"NaN"'],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [1, 2],
        [true, 3],
        [null, 4],
        [new PlainDate(0), 5],
      ]),
      '{"a":1,"1":2,"true":3,"null":4,"1970-01-01":5}',
    ],
    [new Set([1, 'x']), '[1,"x"]'],
    [Object(5), '5'],
    [Object('x'), '"x"'],
    [{ toJSON: () => ({ kept: true }) }, '{"kept":true}'],
    [new URL('https://example.com/x'), '"https://example.com/x"'],
  ])('%s becomes %s', (value, text) => {
    expect(plainJson(value)).toBe(text)
  })

  it('leave out keys without a value, and hold null in lists', () => {
    expect(plainJson({ a: undefined, b: null, c: [undefined, 1] })).toBe('{"b":null,"c":[null,1]}')
    expect(plainJson(undefined)).toBe('null')
  })

  it('write own properties of instances', () => {
    class Point {
      readonly x = 1
      readonly y = 2
    }
    expect(plainJson(new Point())).toBe('{"x":1,"y":2}')
  })
})

describe('refusals', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = [circular]

  it.each([
    [() => 1, 'A function cannot be written as JSON'],
    [Symbol('x'), 'A symbol cannot be written as JSON'],
    [circular, 'An object contains itself'],
    [new Date(Number.NaN), 'A Date is invalid'],
    [new Map([[{}, 1]]), 'A key of a Map is an object'],
  ])('%#', (value, message) => {
    const attempt = () => plainJson([value])
    expect(attempt).toThrow(message)
    expect(attempt).toThrow(expect.toSatisfy((error: unknown) => DltError.is(error) && error.code === 'DATA'))
  })

  it('do not hit an object that occurs twice', () => {
    const shared = { a: 1 }
    expect(plainJson([shared, { shared }, shared])).toBe('[{"a":1},{"shared":{"a":1}},{"a":1}]')
  })
})

describe('layout', () => {
  it('is compact by default and spread over lines when pretty', () => {
    const value = { a: [1, { b: [] }], c: {}, d: [] }
    expect(plainJson(value)).toBe('{"a":[1,{"b":[]}],"c":{},"d":[]}')
    expect(plainJson(value, { pretty: true })).toBe(JSON.stringify(value, null, 2))
  })

  it('sorts keys by code point at every level', () => {
    const value = { '\ue000': 1, '😀': { b: 1, a: 2 }, '￿': 3, Z: 4, a: 5 }
    expect(plainJson(value, { sortKeys: true })).toBe('{"Z":4,"a":5,"\ue000":1,"￿":3,"😀":{"a":2,"b":1}}')
  })

  it('does not depend on the order of keys when sorted', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const reversed = new Map(Object.entries(value).reverse())
        expect(plainJson(reversed, { sortKeys: true })).toBe(plainJson(value, { sortKeys: true }))
      }),
    )
  })

  it('is read back by JSON.parse as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, pretty) => {
        expect(JSON.parse(plainJson(value, { pretty }))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
