import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packDeltas } from '../src/parquet/packed-deltas.ts'
import { unpackDeltas } from './unpack-deltas.ts'

const packed = (values: readonly number[]) => packDeltas(Int32Array.from(values))

describe('packed differences', () => {
  test('are read back, whatever the numbers and however many', () => {
    const anyNumber = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    const lists = fc.oneof(
      fc.array(fc.nat(100), { maxLength: 600 }),
      fc.array(fc.nat(2 ** 26), { maxLength: 300 }),
      fc.array(anyNumber, { maxLength: 300 }),
      fc.array(fc.oneof(fc.nat(3), anyNumber), { maxLength: 300 }),
    )
    fc.assert(
      fc.property(lists, (values) => {
        const bytes = packed(values)
        expect(unpackDeltas(bytes)).toEqual({ values, byteCount: bytes.length })
      }),
    )
  })

  test.each([
    ['no number', [], '80010400' + '00'],
    ['one number', [5], '80010401' + '0a'],
    ['the example of the specification: a run', [1, 2, 3, 4, 5], '80010405' + '02' + '02' + '00000000'],
    [
      'the example of the specification: differences of 0 to 3 above the least',
      [7, 5, 3, 1, 2, 3, 4, 5],
      '80010408' + '0e' + '03' + '02000000' + 'c03f000000000000',
    ],
  ])('have the bytes of the format: %s', (_, values, hex) => {
    expect(Buffer.from(packed(values)).toString('hex')).toBe(hex)
  })

  test('take nothing but a few bytes for each 128 numbers that are all the same', () => {
    expect(packed(Array.from({ length: 1281 }, () => 14)).length).toBe(6 + 10 * 5)
  })

  test.each([1, 7, 8, 23, 24, 25, 31, 32])('need %i bits', (width) => {
    const values = Array.from({ length: 129 }, (_, index) => (index % 2 === 0 ? 0 : 2 ** (width - 1)) | 0)
    expect(unpackDeltas(packed(values)).values).toEqual(values)
  })
})
