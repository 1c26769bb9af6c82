import { readFile, rm } from 'node:fs/promises'
import type { ColumnSchema, ColumnVector, TableBatch } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFileWriter } from '../src/index.ts'
import { scalarText } from '../src/text/scalar-text.ts'
import { edgeRows, everyColumn } from './every-type.ts'
import { type CellValue, type Row, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' }

/** What the format says of a cell, value by value, with strings. */
function cellText(vector: ColumnVector | undefined, row: number, value: CellValue): string {
  if (vector === undefined || value === null) return '\\N'
  if (typeof value === 'string') return value.replaceAll(/[\t\n\r\\]/g, (character) => escapes[character] ?? '')
  return scalarText(vector, (bytes) => `\\\\x${Buffer.from(bytes).toString('hex')}`)(row)
}

function expectedText(columns: readonly ColumnSchema[], batch: TableBatch, rows: readonly Row[]): string {
  const vectors = columns.map(({ name }) => batch.columns.find(({ column }) => column.name === name))
  const line = (row: Row, index: number): string =>
    columns.map(({ name }, column) => cellText(vectors[column], index, row[name] ?? null)).join('\t')
  return rows.map((row, index) => `${line(row, index)}\n`).join('')
}

const hostile = fc.string({
  unit: fc.constantFrom('\t', '\n', '\r', '\\', 'N', '.', 't', 'n', '\0', '\u0001', ' ', 'é', '\u2028', '\u{1f600}'),
})
const texts = fc.oneof(
  hostile,
  fc.string({ maxLength: 40 }),
  fc.constant(''),
  fc.tuple(hostile, fc.integer({ min: 150, max: 3000 })).map(([text, length]) => text.padEnd(length, 'padding')),
)

const wholeNumbers = fc.oneof(
  ...[1, 8, 27, 32, 52, 53, 54, 63].map((bits) => fc.bigInt(-(2n ** BigInt(bits)), 2n ** BigInt(bits) - 1n)),
  // Powers of ten and of two, where digits and halves change.
  fc
    .tuple(fc.constantFrom(2n, 10n), fc.integer({ min: 0, max: 18 }), fc.bigInt(-1n, 1n))
    .map(([base, exponent, step]) => base ** BigInt(exponent) + step),
)

const fractions = fc.oneof(
  fc.double(),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([digits, exponent]) => digits / 10 ** exponent),
  fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 })).map(([digits, exponent]) => digits / 10 ** exponent),
  fc.constantFrom(0, -0, 1, -1, 0.001, 0.000_999, 1e9, 999_999_999.999_999, 999_999_999.999_999_9, 1e15, 1e16),
)

const dayMicroseconds = 86_400_000_000n
const instants = fc.oneof(
  fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n),
  // Around midnight, before 1970 and after, also beyond what a number holds exactly.
  fc.tuple(fc.bigInt(-700_000n, 2_900_000n), fc.bigInt(-2n, 2n)).map(([days, step]) => days * dayMicroseconds + step),
)

const largest = 10n ** 38n - 1n
const decimals = fc.oneof(
  fc.bigInt(-largest, largest),
  wholeNumbers,
  // Small ones but for the second of the two halves.
  fc.tuple(fc.bigInt(-3n, 3n), fc.bigInt(0n, 3000n)).map(([high, low]) => (high << 64n) + low),
)

const valuesOf: Readonly<Record<string, fc.Arbitrary<CellValue>>> = {
  text: texts,
  json: hostile.map((text) => JSON.stringify({ text }, undefined, 1)),
  bigint: wholeNumbers,
  double: fractions,
  bool: fc.boolean(),
  timestamp: instants,
  date: fc.integer({ min: -719_162, max: 2_932_896 }),
  time: fc.bigInt(0n, dayMicroseconds - 1n),
  binary: fc.uint8Array({ maxLength: 300 }),
  decimal: decimals,
  wei: decimals,
}

/** Enough rows for several blocks, from few values: each row takes one of them by its number. */
const tables = fc
  .uniqueArray(fc.constantFrom(...everyColumn), { selector: ({ name }) => name, minLength: 1 })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      present: fc.tuple(...columns.map(() => fc.integer({ min: 0, max: 9 }).map((number) => number > 0))),
      values: fc.tuple(
        ...columns.map(({ data_type: type = 'text' }) =>
          fc.array(fc.option(valuesOf[type] ?? texts, { freq: 4 }), { minLength: 1, maxLength: 7 }),
        ),
      ),
      rowCount: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 505, max: 1100 })),
    }),
  )

describe('rows of tab-separated values', () => {
  const at = useTemporaryFolder()
  let files = 0

  const written = async (columns: readonly ColumnSchema[], batches: readonly TableBatch[]): Promise<string> => {
    files += 1
    const path = at(`file ${files}`)
    const writer = createFileWriter('tsv', { path, tableName: 'rows', columns })
    for (const batch of batches) await writer.write(batch)
    const { byteCount, rowCount } = await writer.close()
    const bytes = await readFile(path)
    expect(bytes.length).toBe(byteCount)
    expect(rowCount).toBe(batches.reduce((sum, batch) => sum + batch.rowCount, 0))
    await rm(path)
    return bytes.toString()
  }

  test('made column by column are what the format says value by value', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ columns, present, values, rowCount }) => {
        const rows = Array.from({ length: rowCount }, (_, row): Row => {
          const cells = columns.map(({ name }, column) => {
            const few = values[column] ?? []
            return [name, present[column] === true ? few[row % few.length] : null] as const
          })
          return Object.fromEntries(cells)
        })
        const batch = tableBatch(
          'rows',
          columns.filter((_, column) => present[column]),
          rows,
        )
        expect(await written(columns, [batch])).toBe(expectedText(columns, batch, rows))
      }),
      { numRuns: 120 },
    )
  })

  test('at the edges of all types, again and again', async () => {
    const rows = Array.from({ length: 60 }, () => edgeRows).flat()
    const batch = tableBatch('rows', everyColumn, rows)
    const expected = expectedText(everyColumn, batch, rows)
    expect(await written(everyColumn, [batch, batch])).toBe(expected + expected)
  })

  test.each([
    ['with nothing to escape', 'x'.repeat(3_000_000)],
    ['with much to escape', '\\\n'.repeat(1_500_000)],
  ])('whose one value is larger than everything else, %s', async (_, large) => {
    const columns: readonly ColumnSchema[] = [
      { name: 'id', data_type: 'bigint' },
      { name: 'text', data_type: 'text' },
    ]
    const rows: readonly Row[] = [{ id: 1n }, { id: 2n, text: large }, { id: 3n, text: 'small' }, { id: 4n, text: '' }]
    const batch = tableBatch('rows', columns, rows)
    expect(await written(columns, [batch, batch])).toBe(expectedText(columns, batch, rows).repeat(2))
  })

  test('without columns are empty lines', async () => {
    expect(await written([], [{ tableName: 'rows', rowCount: 3, columns: [] }])).toBe('\n\n\n')
  })
})
