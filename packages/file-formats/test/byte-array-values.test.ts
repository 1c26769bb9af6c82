import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ByteArrayData, byteArrayValues } from '../src/parquet/byte-array-values.ts'
import { tableBatch } from './table-batches.ts'
import { unpackDeltas } from './unpack-deltas.ts'

function columnOf(cells: readonly (string | null)[]): { readonly data: ByteArrayData; readonly nullCount: number } {
  const rows = cells.map((value) => ({ value }))
  const [vector] = tableBatch('rows', [{ name: 'value', data_type: 'text' }], rows).columns
  if (vector === undefined || !('offsets' in vector.data)) throw new Error('the batch has one column of texts')
  return { data: vector.data, nullCount: vector.nullCount }
}

function textsOf([lengths = new Uint8Array(), bytes = new Uint8Array()]: readonly Uint8Array[]): readonly string[] {
  const texts: string[] = []
  let at = 0
  for (const length of unpackDeltas(lengths).values) {
    texts.push(Buffer.from(bytes.subarray(at, at + length)).toString())
    at += length
  }
  expect(at).toBe(bytes.length)
  return texts
}

describe('lengths and bytes', () => {
  test('hold the values that are not null, from any page', () => {
    const cells = fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 60 })), { maxLength: 300 })
    fc.assert(
      fc.property(cells, fc.nat(4), (all, page) => {
        const from = Math.min(page, all.length >> 3) * 8
        const { data, nullCount } = columnOf(all)
        const expected = all.slice(from).filter((cell) => cell !== null)
        expect(textsOf(byteArrayValues(data, from, all.length, nullCount > 0))).toEqual(expected)
      }),
    )
  })

  test.each([[['a', 'bc', 'def']], [['a', null, 'def']]])('copy nothing: %j', (cells) => {
    const { data, nullCount } = columnOf(cells)
    const [, bytes] = byteArrayValues(data, 0, 3, nullCount > 0)
    expect(bytes?.buffer).toBe(data.values.buffer)
  })

  test('leave out bytes of rows that are null', () => {
    const data: ByteArrayData = {
      layout: 'utf8',
      offsets: Int32Array.of(0, 1, 4, 6),
      values: Buffer.from('aXXXbc'),
      validity: Uint8Array.of(0b101),
    }
    expect(textsOf(byteArrayValues(data, 0, 3, true))).toEqual(['a', 'bc'])
  })
})
