import type { ColumnSchema } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FixedWidthData, plainValues } from '../src/parquet/plain-values.ts'
import { type CellValue, tableBatch } from './table-batches.ts'

const fixedWidthTypes = ['double', 'bool', 'timestamp', 'bigint', 'time', 'date', 'decimal', 'wei'] as const

const cellOf: { readonly [type in (typeof fixedWidthTypes)[number]]: fc.Arbitrary<CellValue> } = {
  double: fc.double(),
  bool: fc.boolean(),
  timestamp: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  bigint: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  time: fc.bigInt(0n, 86_399_999_999n),
  date: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  decimal: fc.bigInt(-(10n ** 18n) + 1n, 10n ** 18n - 1n),
  wei: fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
}

/** PLAIN encoding as the format's specification has it, value by value. */
function expectedBytes(column: ColumnSchema, cells: readonly CellValue[]): Buffer {
  const present = cells.filter((cell) => cell !== null)
  if (column.data_type === 'bool') {
    const bits = Buffer.alloc(Math.ceil(present.length / 8))
    for (const [index, cell] of present.entries())
      bits[index >> 3] = (bits[index >> 3] ?? 0) + (cell ? 1 << (index % 8) : 0)
    return bits
  }
  return Buffer.concat(present.map((cell) => valueBytes(column, cell)))
}

function valueBytes(column: ColumnSchema, cell: CellValue): Buffer {
  if (column.data_type === 'wei' && typeof cell === 'bigint') {
    return Buffer.from(BigInt.asUintN(128, cell).toString(16).padStart(32, '0'), 'hex')
  }
  const bytes = Buffer.alloc(column.data_type === 'date' ? 4 : 8)
  if (typeof cell === 'bigint') bytes.writeBigInt64LE(cell)
  else if (column.data_type === 'date') bytes.writeInt32LE(Number(cell))
  else bytes.writeDoubleLE(Number(cell))
  return bytes
}

function columnOf(column: ColumnSchema, cells: readonly CellValue[]): { data: FixedWidthData; nullCount: number } {
  const rows = cells.map((value) => ({ [column.name]: value }))
  const [vector] = tableBatch('rows', [column], rows).columns
  if (vector === undefined || 'offsets' in vector.data) throw new Error('the batch has one column of one width')
  return { data: vector.data, nullCount: vector.nullCount }
}

describe('PLAIN values', () => {
  test.each(fixedWidthTypes)('of %s, with and without nulls, from any page', (dataType) => {
    const column: ColumnSchema = {
      name: 'value',
      data_type: dataType,
      ...(dataType === 'decimal' && { precision: 18, scale: 0 }),
      ...(dataType === 'wei' && { precision: 38, scale: 0 }),
    }
    const cells = fc.oneof(
      fc.array(cellOf[dataType], { maxLength: 40 }),
      fc.array(fc.option(cellOf[dataType]), { maxLength: 40 }),
    )
    fc.assert(
      fc.property(cells, fc.nat(4), (all, page) => {
        const from = Math.min(page, all.length >> 3) * 8
        const { data, nullCount } = columnOf(column, all)
        const bytes = plainValues(data, from, all.length, nullCount > 0)
        expect(Buffer.from(bytes)).toEqual(expectedBytes(column, all.slice(from)))
      }),
    )
  })

  test('copies nothing where the column has the bytes already', () => {
    const { data } = columnOf(
      { name: 'value', data_type: 'bigint' },
      Array.from({ length: 20 }, () => 1n),
    )
    expect(plainValues(data, 8, 20, false).buffer).toBe(data.values.buffer)
  })
})
