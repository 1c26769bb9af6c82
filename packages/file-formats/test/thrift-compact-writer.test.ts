import { describe, expect, test } from 'vitest'
import { ByteSink } from '../src/byte-sink.ts'
import { type StructWriter, writeStruct } from '../src/parquet/thrift-compact-writer.ts'
import { writeVarint } from '../src/parquet/varint.ts'

const hexOf = (fields: (writer: StructWriter) => void): string => {
  const sink = new ByteSink()
  writeStruct(sink, fields)
  return Buffer.from(sink.written).toString('hex')
}

/** Expected bytes follow from the protocol's specification: field header (delta, type), zigzag varints, stop byte. */
describe('Thrift compact protocol', () => {
  test.each([
    [0, '150000'],
    [1, '150200'],
    [-1, '150100'],
    [63, '157e00'],
    [64, '15800100'],
    [2 ** 31 - 1, '15feffffff0f00'],
    [-(2 ** 31), '15ffffffff0f00'],
  ])('i32 %i', (value, hex) => {
    expect(hexOf((writer) => writer.i32(1, value))).toBe(hex)
  })

  test.each([
    [2 ** 32, '16808080802000'],
    [2 ** 52, '16808080808080801000'],
  ])('i64 %i', (value, hex) => {
    expect(hexOf((writer) => writer.i64(1, value))).toBe(hex)
  })

  test('booleans stand in the field header', () => {
    expect(
      hexOf((writer) => {
        writer.boolean(1, true)
        writer.boolean(2, false)
      }),
    ).toBe('111200')
  })

  test('fields more than fifteen apart carry their id', () => {
    expect(
      hexOf((writer) => {
        writer.i32(1, 0)
        writer.i32(16, 0)
        writer.i32(32, 0)
      }),
    ).toBe('1500f50005400000')
  })

  test('text is counted in bytes', () => {
    expect(hexOf((writer) => writer.string(1, 'aü'))).toBe('180361c3bc00')
  })

  test('structs begin to count fields anew', () => {
    expect(
      hexOf((writer) => {
        writer.struct(3, (inner) => inner.i32(1, 1))
        writer.i32(4, 1)
      }),
    ).toBe('3c150200150200')
  })

  test('lists of up to fourteen items have their length in the first byte, longer ones after it', () => {
    expect(hexOf((writer) => writer.i32List(1, []))).toBe('190500')
    expect(hexOf((writer) => writer.i32List(1, Array(14).fill(0)))).toBe(`19e5${'00'.repeat(14)}00`)
    expect(hexOf((writer) => writer.i32List(1, Array(15).fill(0)))).toBe(`19f50f${'00'.repeat(15)}00`)
    expect(hexOf((writer) => writer.stringList(1, ['a', '']))).toBe('19280161' + '0000')
    expect(hexOf((writer) => writer.structList(1, [5], (item, value) => item.i32(1, value)))).toBe('191c150a0000')
  })

  test('unsigned numbers have seven bits a byte', () => {
    const sink = new ByteSink()
    for (const value of [0, 127, 128, 16_383, 16_384]) writeVarint(sink, value)
    expect(Buffer.from(sink.written).toString('hex')).toBe('007f8001ff7f808001')
  })
})
