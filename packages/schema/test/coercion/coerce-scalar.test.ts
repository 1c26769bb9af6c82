import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CoercionResult,
  coercerBetween,
  coerceScalar,
  compactJson,
  type DataType,
  dataTypes,
  type ScalarValue,
} from '../../src/index.ts'

/** The pairs that have a conversion at all, by the type they lead to. */
const convertible: { readonly [to in DataType]: readonly DataType[] } = {
  text: ['double', 'bool', 'timestamp', 'bigint', 'binary', 'json', 'decimal', 'wei', 'date', 'time'],
  double: ['text', 'bigint', 'decimal', 'wei'],
  bool: ['text', 'double', 'bigint', 'decimal', 'wei'],
  timestamp: ['text', 'double', 'bigint', 'date'],
  bigint: ['text', 'double', 'decimal', 'wei'],
  binary: ['text', 'bigint'],
  json: ['text'],
  decimal: ['text', 'double', 'bigint', 'wei'],
  wei: ['text', 'double', 'bigint', 'decimal'],
  date: ['text', 'double', 'timestamp', 'bigint'],
  time: ['text'],
}

/** Generators of values of every data type. */
const values: { readonly [type in DataType]: fc.Arbitrary<ScalarValue> } = {
  text: fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', 'x', ':', 'T', 'Z', '_', ' ', '{', '"', '='),
    }),
  ),
  double: fc.double(),
  bool: fc.boolean(),
  timestamp: fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
  bigint: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  binary: fc.uint8Array(),
  json: fc.json(),
  decimal: fc.oneof(
    fc.tuple(fc.bigInt(), fc.integer({ min: -50, max: 50 })).map(([digits, exponent]) => `${digits}E${exponent}`),
    fc.tuple(fc.bigInt(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  ),
  wei: fc.bigInt().map(String),
  date: fc.integer({ min: -719_162, max: 2_932_896 }),
  time: fc.bigInt({ min: 0n, max: 86_399_999_999n }),
}

const isOfType: { readonly [type in DataType]: (value: ScalarValue) => boolean } = {
  text: (value) => typeof value === 'string',
  double: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  timestamp: (value) =>
    typeof value === 'bigint' && value >= -62_135_596_800_000_000n && value <= 253_402_300_799_999_999n,
  bigint: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  binary: (value) => value instanceof Uint8Array,
  json: (value) => typeof value === 'string' && JSON.parse(value) !== undefined,
  decimal: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?(E[+-]?\d+)?$/.test(value),
  wei: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?(E[+-]?\d+)?$/.test(value),
  date: (value) => Number.isInteger(value),
  time: (value) => typeof value === 'bigint' && value >= 0n && value < 86_400_000_000n,
}

function value(result: CoercionResult): ScalarValue | undefined {
  return result.ok ? result.value : undefined
}

describe('every pair of types', () => {
  const pairs = dataTypes.flatMap((to) => dataTypes.map((from) => [to, from] as const))

  it.each(pairs)('to %s from %s: a value of the type, or a refusal', (to, from) => {
    fc.assert(
      fc.property(values[from], (given) => {
        const result = coerceScalar(to, from, given)
        if (to === from) expect(result).toEqual({ ok: true, value: given })
        else if (result.ok) expect(isOfType[to](result.value)).toBe(true)
        if (to !== from && !convertible[to].includes(from)) expect(result.ok).toBe(false)
      }),
    )
    expect(coercerBetween(to, from) !== undefined).toBe(convertible[to].includes(from))
  })

  it.each(pairs)('to %s from %s never throws, even for values of wrong kinds', (to, from) => {
    const anything = fc.oneof(...Object.values(values))
    fc.assert(
      fc.property(anything, (given) => {
        expect(typeof coerceScalar(to, from, given).ok).toBe('boolean')
      }),
    )
  })
})

describe('what comes back', () => {
  const thereAndBack = [
    ['bigint', 'text'],
    ['double', 'text'],
    ['binary', 'text'],
    ['timestamp', 'text'],
    ['date', 'text'],
    ['time', 'text'],
  ] as const

  it.each(thereAndBack)('%s survives the way through %s', (type, through) => {
    fc.assert(
      fc.property(values[type].filter(isOfType[type]), (given) => {
        const text = value(coerceScalar(through, type, given))
        expect(text === undefined ? undefined : value(coerceScalar(type, through, text))).toEqual(given)
      }),
    )
  })
})

describe('integers beyond 64 bits', () => {
  it.each([
    ['text', '9223372036854775808', '9223372036854775807'],
    ['text', '-9223372036854775809', '-9223372036854775808'],
    ['text', '0x8000000000000000', '0x7fffffffffffffff'],
    ['decimal', '9223372036854775808', '9223372036854775807.000'],
    ['wei', '1E+19', '1E+18'],
  ] as const)('are refused from %s', (from, refused, accepted) => {
    expect(coerceScalar('bigint', from, refused).ok).toBe(false)
    expect(coerceScalar('bigint', from, accepted).ok).toBe(true)
  })

  it('are refused from double', () => {
    expect(coerceScalar('bigint', 'double', 2 ** 63).ok).toBe(false)
    expect(value(coerceScalar('bigint', 'double', -(2 ** 63)))).toBe(-(2n ** 63n))
  })
})

describe('long texts', () => {
  it('are refused quickly where a number is wanted', () => {
    const digits = '1'.repeat(1_000_000)
    const started = performance.now()
    expect(coerceScalar('bigint', 'text', digits).ok).toBe(false)
    expect(coerceScalar('bool', 'text', digits).ok).toBe(false)
    expect(coerceScalar('timestamp', 'text', digits).ok).toBe(false)
    expect(coerceScalar('bigint', 'decimal', '1E+900000').ok).toBe(false)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('JSON texts', () => {
  it('are made compact, with numbers as the reference writes them', () => {
    expect(compactJson(' { "b" : [ 1.0 , 1e16, 12345678901234567890 , 1e2 ], "a" : "\\u00e9\\/" } ')).toBe(
      '{"b":[1.0,1e+16,12345678901234567890,100.0],"a":"é/"}',
    )
    expect(compactJson('[123456789012345678901234567890]')).toBe('[1.2345678901234568e+29]')
  })

  it('keep the order of all keys', () => {
    expect(compactJson('{"2":1,"1":2,"__proto__":3}')).toBe('{"2":1,"1":2,"__proto__":3}')
  })

  it.each(['', 'x', '{', "{'a':1}", '[1e400]', '"\\ud800"', '{"\\udc00":1}', '"\ud800"', 'NaN', '[1] x'])(
    '%j is none',
    (text) => {
      expect(compactJson(text)).toBeUndefined()
    },
  )

  it('may hold escapes that only look like halves of characters', () => {
    expect(compactJson('"\\\\ud800"')).toBe('"\\\\ud800"')
    expect(compactJson('"\\ud83d\\ude00"')).toBe('"😀"')
  })
})
