import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureValues } from '../src/page/measure-values.ts'
import { packStrings } from '../src/page/pack-strings.ts'

describe('texts', () => {
  it('are measured in characters and in bytes', () => {
    expect(measureValues('text', packStrings(['ab', 'äöü', '🐈']))).toEqual({ longest: { characters: 3, bytes: 6 } })
    expect(measureValues('text', packStrings(['']))).toEqual({ longest: { characters: 0, bytes: 0 } })
  })

  it('whatever they are: the longest of all', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
        const characters = Math.max(...texts.map((text) => [...text].length))
        const bytes = Math.max(...texts.map((text) => Buffer.byteLength(text)))
        expect(measureValues('text', packStrings(texts))).toEqual({ longest: { characters, bytes } })
      }),
    )
  })
})

describe('numbers', () => {
  it.each([
    [['1.5', '-20.25'], { whole: 2, fraction: 2 }],
    [['0.00', '-0'], { whole: 0, fraction: 0 }],
    [['007.50'], { whole: 1, fraction: 1 }],
    [['1e+21'], { whole: 22, fraction: 0 }],
    [['1.5e-7'], { whole: 0, fraction: 8 }],
    [['.25', '3.'], { whole: 1, fraction: 2 }],
  ])('decimals %j have the digits %j', (texts, digits) => {
    expect(measureValues('decimal', packStrings(texts))).toEqual({ digits })
  })

  it('doubles have digits before the point only: fractions are rounded', () => {
    expect(measureValues('double', Float64Array.of(0.5, -1234.75))).toEqual({ digits: { whole: 4, fraction: 0 } })
    expect(measureValues('double', Float64Array.of(0.001))).toEqual({ digits: { whole: 0, fraction: 0 } })
  })

  it('integers of 64 bits have as many digits as the largest, whatever its sign', () => {
    expect(measureValues('bigint', BigInt64Array.of(5n, -1234n))).toEqual({ digits: { whole: 4, fraction: 0 } })
    expect(measureValues('bigint', BigInt64Array.of(0n))).toEqual({ digits: { whole: 0, fraction: 0 } })
    expect(measureValues('bigint', BigInt64Array.of(-(2n ** 63n)))).toEqual({ digits: { whole: 19, fraction: 0 } })
  })

  it('other kinds are not measured', () => {
    expect(measureValues('integer', Float64Array.of(1))).toEqual({})
    expect(measureValues('json', packStrings(['{}']))).toEqual({})
  })
})
