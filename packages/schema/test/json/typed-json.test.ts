import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decimalFromText,
  decimalText,
  digest256,
  PlainDate,
  PlainTime,
  PreciseDateTime,
  parseTypedJson,
  typedJson,
} from '../../src/index.ts'

const recorded =
  '{"d":"\uf0261.1","dt":"\uf0272024-01-02T03:04:05.000006+00:00","date":"\uf0282024-01-02","b":"\uf02bYWI=","w":"\uf02c10","t":"\uf02d01:02:03.000004"}'

describe('writing', () => {
  it('marks values that JSON has no type for', () => {
    expect(
      typedJson({
        d: new Decimal('1.1'),
        dt: new PreciseDateTime(1_704_164_645_000_006n, true),
        date: new PlainDate(19724),
        b: Buffer.from('ab'),
        t: new PlainTime(3_723_000_004n),
      }),
    ).toBe(recorded.replace('"w":"\uf02c10",', ''))
  })

  it('leaves everything else as plain JSON', () => {
    expect(typedJson({ a: [1, 1.5, 'x', null, true], b: 10n ** 20n })).toBe(
      '{"a":[1,1.5,"x",null,true],"b":100000000000000000000}',
    )
  })

  it('makes the hash of a state document as the reference does', () => {
    const incremental = { initial_value: null, last_value: 5, unique_hashes: ['x'], start_value: null }
    const state = {
      staging_type: null,
      pipeline_name: 'p',
      dataset_name: 'p_dataset',
      default_schema_name: 'p',
      schema_names: ['p'],
      destination_type: 'dlt.destinations.duckdb',
      destination_name: null,
      staging_name: null,
      sources: { p: { resources: { r: { incremental: { ts: incremental } } } } },
    }
    expect(digest256(typedJson(state, { sortKeys: true }))).toBe('qaNsstzk/Os/8eXFqUWDC74P3o/O2kcyG8OIjqdVFlw=')
  })
})

describe('reading', () => {
  it('gives the types back', () => {
    expect(parseTypedJson(recorded)).toEqual({
      d: new Decimal('1.1'),
      dt: new PreciseDateTime(1_704_164_645_000_006n, true),
      date: new PlainDate(19724),
      b: new Uint8Array([97, 98]),
      w: new Decimal(10),
      t: new PlainTime(3_723_000_004n),
    })
  })

  it('gives a Date where milliseconds are enough, whatever the offset', () => {
    const instant = new Date('2024-01-02T03:04:05Z')
    for (const text of ['2024-01-02T03:04:05+00:00', '2024-01-02T03:04:05Z', '2024-01-02T05:04:05+02:00']) {
      expect(parseTypedJson(`"\uf027${text}"`)).toEqual(instant)
    }
    expect(parseTypedJson('"\uf0272024-01-02T03:04:05"')).toEqual(new PreciseDateTime(1_704_164_645_000_000n, false))
  })

  it('gives bytes for hexadecimal text and text for a UUID', () => {
    expect(parseTypedJson('"\uf02a0x00ff"')).toEqual(new Uint8Array([0, 255]))
    expect(parseTypedJson('"\uf029b6a5a7e2-7c5e-4b58-9a3c-0f0a0d1c2b3a"')).toBe('b6a5a7e2-7c5e-4b58-9a3c-0f0a0d1c2b3a')
  })

  it('gives integers beyond 2^53 as bigint', () => {
    expect(parseTypedJson('[9007199254740993, 1]')).toEqual([9007199254740993n, 1])
  })

  it.each([
    '\uf026abc',
    '\uf027yesterday',
    '\uf0272024-01-02',
    '\uf0282024',
    '\uf028x',
    '\uf02b!',
    '\uf02a0xz',
    '\uf02d1',
    '\uf026',
    '\uf02ex',
    '\uf025x',
  ])('leaves %j a text', (text) => {
    expect(parseTypedJson(JSON.stringify(text))).toBe(text)
  })

  it('keeps keys that mean something to objects as own ones', () => {
    const value = parseTypedJson('{"__proto__":{"x":1}}')
    expect(typedJson(value)).toBe('{"__proto__":{"x":1}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})

describe('reading and writing', () => {
  it.each([
    recorded,
    '["\uf0261.10","\uf0261E+2","\uf026NaN","\uf02c5"]',
    '["\uf0272024-01-02T05:04:05+02:00","\uf0272024-01-02T03:04:05Z","\uf0272024-01-02T03:04:05"]',
    '["\uf02a0x00FF","\uf02b","\uf02bAA=="]',
  ])('gives the same text: %s', (text) => {
    expect(typedJson(parseTypedJson(text))).toBe(text)
  })

  it('notices a Date that was changed in between', () => {
    const value = parseTypedJson('"\uf0272024-01-02T05:04:05+02:00"')
    if (!(value instanceof Date)) throw new Error('no Date')
    value.setUTCFullYear(2025)
    expect(typedJson(value)).toBe('"\uf0272025-01-02T03:04:05+00:00"')
  })

  it('gives the same values', () => {
    const scalar = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
      fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
      fc.string().filter((text) => !/^[\uf026-\uf02d]/.test(text)),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
      fc.uint8Array({ minLength: 1 }),
      fc.integer({ min: -700_000, max: 2_900_000 }).map((days) => new PlainDate(days)),
      fc.bigInt({ min: 0n, max: 86_399_999_999n }).map((microseconds) => new PlainTime(microseconds)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new Decimal(value)),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    }))
    fc.assert(
      fc.property(value, (any) => {
        const text = typedJson(any)
        expect(typedJson(parseTypedJson(text))).toBe(text)
      }),
    )
  })
})

describe('decimals', () => {
  it('remember the text they were made of', () => {
    const value = decimalFromText('1.10')
    expect(value?.plus(1).toString()).toBe('2.1')
    expect(value && decimalText(value)).toBe('1.10')
    expect(decimalFromText('1,10')).toBeUndefined()
  })
})

describe('bytes', () => {
  it('come back as bytes when there are none', () => {
    expect(typedJson({ b: new Uint8Array() })).toBe('{"b":"\uf02b"}')
    expect(parseTypedJson('{"b":"\uf02b"}')).toEqual({ b: new Uint8Array() })
  })

  it.each(['\uf026', '\uf027', '\uf028', '\uf029', '\uf02a', '\uf02c', '\uf02d'])(
    'are the only ones: other marks alone are text (%j)',
    (text) => {
      expect(parseTypedJson(JSON.stringify(text))).toBe(text)
    },
  )
})

describe('whole numbers that were written as fractions', () => {
  const text = '{"a":1.0,"b":[2.0,2,-0.0,1e3],"c":{"d":1e+16,"e":3}}'
  const written = '{"a":1.0,"b":[2.0,2,-0.0,1000.0],"c":{"d":1e+16,"e":3}}'

  it('are numbers, and fractions again when they are written back', () => {
    const read = parseTypedJson(text)
    expect(read).toEqual({ a: 1, b: [2, 2, -0, 1000], c: { d: 1e16, e: 3 } })
    expect(typedJson(read)).toBe(written)
    expect(typedJson(read, { sortKeys: true })).toBe(written)
    expect(typedJson(parseTypedJson(typedJson(read)))).toBe(written)
  })

  it('are what they are set to, where they are changed', () => {
    const read = parseTypedJson('{"a":1.0,"b":1.0}')
    expect(typedJson(Object.assign(read ?? {}, { a: 2 }))).toBe('{"a":2,"b":1.0}')
  })

  it('are integers where they stand in another object', () => {
    const read = parseTypedJson('{"a":{"b":1.0}}')
    expect(typedJson({ ...Object(read) })).toBe('{"a":{"b":1.0}}')
    expect(typedJson({ a: { ...Object(read).a } })).toBe('{"a":{"b":1}}')
  })
})
