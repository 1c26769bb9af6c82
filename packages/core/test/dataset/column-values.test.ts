import type { ResultColumn } from '@dlt/destination'
import { type DataType, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnValues } from '../../src/dataset/values/column-values.ts'
import { batchRows, rowBatches } from '../../src/dataset/values/result-rows.ts'

const column = (type: DataType, values: readonly unknown[], more: object = {}): ResultColumn => ({
  column: { name: 'c', data_type: type, ...more },
  values,
})

describe('values of a column', () => {
  test('are numbers as long as that is exact', () => {
    const values = [0n, -5, '7', 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), '9223372036854775807', null]
    expect(columnValues(column('bigint', values))).toEqual([
      0,
      -5,
      7,
      9007199254740991,
      9007199254740992n,
      -9007199254740992n,
      9223372036854775807n,
      null,
    ])
  })

  test('are dates as long as that is exact', () => {
    const values = [
      1_704_164_645_678_000n,
      '2024-01-02T03:04:05.678+00:00',
      1_704_164_645_678_001n,
      -1n,
      253_402_300_799_999_999n,
    ]
    expect(columnValues(column('timestamp', values))).toEqual([
      new Date('2024-01-02T03:04:05.678Z'),
      new Date('2024-01-02T03:04:05.678Z'),
      new PreciseDateTime(1_704_164_645_678_001n, true),
      new PreciseDateTime(-1n, true),
      new PreciseDateTime(253_402_300_799_999_999n, true),
    ])
    expect(columnValues(column('timestamp', [0n], { timezone: false }))).toEqual([new PreciseDateTime(0n, false)])
  })

  test('of all instants keep every microsecond', () => {
    const instants = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
    fc.assert(
      fc.property(instants, (microseconds) => {
        const [value] = columnValues(column('timestamp', [microseconds]))
        const back = value instanceof Date ? BigInt(value.getTime()) * 1000n : Object(value).microseconds
        expect(back).toBe(microseconds)
        expect(Object(value).getTime()).toBe(
          Number((microseconds - (((microseconds % 1000n) + 1000n) % 1000n)) / 1000n),
        )
      }),
    )
  })

  test('of other types are what the library knows them as', () => {
    expect(columnValues(column('date', ['2024-01-02', null]))).toEqual([new PlainDate(19_724), null])
    expect(columnValues(column('time', [1_000_001n, '00:00:01.000001']))).toEqual([
      new PlainTime(1_000_001n),
      new PlainTime(1_000_001n),
    ])
    expect(columnValues(column('decimal', ['1.10', '-0.5'])).map(String)).toEqual(['1.1', '-0.5'])
    expect(columnValues(column('wei', ['123456789012345678901234567890']))).toEqual([
      new Decimal('123456789012345678901234567890'),
    ])
    expect(columnValues(column('json', ['{"a":[1,9007199254740993]}', 'null']))).toEqual([
      { a: [1, 9007199254740993n] },
      null,
    ])
    const same = ['a', null]
    expect(columnValues(column('text', same))).toBe(same)
  })
})

describe('rows', () => {
  const batch = (names: readonly string[], values: readonly unknown[]) => ({
    rowCount: values.length,
    columns: names.map((name) => ({ column: { name, data_type: 'text' as const }, values })),
  })

  test('have every column, whatever its name', () => {
    const [row] = batchRows(batch(['b', '__proto__', 'constructor', '1'], ['x']))
    expect(Object.entries(row ?? {})).toEqual([
      ['1', 'x'],
      ['b', 'x'],
      ['__proto__', 'x'],
      ['constructor', 'x'],
    ])
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  })

  test('cannot have two columns of one name', () => {
    expect(() => batchRows(batch(['a', 'a'], []))).toThrow('The result has two columns named "a"')
  })

  test('come in batches of one size, in order, whatever the reader hands out', async () => {
    const sizes = fc.array(fc.nat({ max: 7 }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 10 }), async (given, size) => {
        let next = 0
        const batches = given.map((length) =>
          batch(
            ['c'],
            Array.from({ length }, () => String(next++)),
          ),
        )
        const read: string[][] = []
        for await (const rows of rowBatches(asynchronous(batches), size)) read.push(rows.map((row) => String(row['c'])))
        expect(read.flat()).toEqual(Array.from({ length: next }, (_, index) => String(index)))
        expect(read.slice(0, -1).every(({ length }) => length === size)).toBe(true)
        expect(read.every(({ length }) => length > 0)).toBe(true)
      }),
    )
  })
})

async function* asynchronous<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
