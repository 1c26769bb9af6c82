import { rm } from 'node:fs/promises'
import type { FileFormat } from '@dlt/destination'
import { type ColumnSchema, type DataType, dataTypes } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFileWriter } from '../src/index.ts'
import { duckDbLiterals, type ReadRows, readWithDuckDb } from './duckdb-reader.ts'
import { type CellValue, type Row, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const formats: readonly FileFormat[] = ['parquet', 'jsonl', 'csv', 'tsv', 'insert_values']

/** Microseconds of the years 1 to 9999. */
const instants = fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n)
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', "'", '\\', '\n', '\r', ',', '\t', 't', '.', 'n', 'N', ';', '\0', '{', ' ', '\u{1f600}'),
  }),
)

const values: { readonly [type in DataType]: (column: ColumnSchema) => fc.Arbitrary<CellValue> } = {
  text: () => texts,
  double: () => fc.double({ noNaN: true, noDefaultInfinity: true }),
  bool: () => fc.boolean(),
  timestamp: () => instants,
  bigint: () => fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(-300n, 300n)),
  binary: () => fc.uint8Array({ maxLength: 12 }),
  // JSON Lines cannot tell a JSON `null` from no value.
  json: () => fc.json({ maxDepth: 2 }).filter((json) => json !== 'null'),
  decimal: (column) => unscaled(column.precision ?? 38),
  wei: (column) => unscaled(column.precision ?? 38),
  date: () => fc.integer({ min: -719_162, max: 2_932_896 }),
  time: () => fc.bigInt(0n, 86_399_999_999n),
}

function unscaled(precision: number): fc.Arbitrary<bigint> {
  const largest = 10n ** BigInt(precision) - 1n
  return fc.bigInt(-largest, largest)
}

const columns: fc.Arbitrary<readonly ColumnSchema[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '_', ' ', "'", '"'), minLength: 1, maxLength: 4 }),
      data_type: fc.constantFrom(...dataTypes),
      nullable: fc.boolean(),
      timezone: fc.boolean(),
      precision: fc.integer({ min: 1, max: 38 }),
      scale: fc.nat(38),
    })
    .map(onlyOwnHints),
  { selector: (column) => column.name, minLength: 2, maxLength: 7 },
)

function onlyOwnHints(column: ColumnSchema & { precision: number; scale: number; timezone: boolean }): ColumnSchema {
  const { precision, scale, timezone, ...rest } = column
  if (rest.data_type === 'timestamp') return { ...rest, timezone }
  if (rest.data_type === 'decimal' || rest.data_type === 'wei')
    return { ...rest, precision, scale: scale % (precision + 1) }
  return rest
}

/** Batches of one table; nullable columns may be missing from a batch. */
const batches = columns.chain((all) =>
  fc.record({
    columns: fc.constant(all),
    parts: fc.array(
      fc.record({
        present: fc.tuple(...all.map((column) => (column.nullable === false ? fc.constant(true) : fc.boolean()))),
        rows: fc.array(rowOf(all), { maxLength: 20 }),
      }),
      { maxLength: 4 },
    ),
  }),
)

function rowOf(all: readonly ColumnSchema[]): fc.Arbitrary<Row> {
  return fc
    .tuple(
      ...all.map((column) => {
        const value = values[column.data_type ?? 'text'](column)
        return column.nullable === false ? value : fc.option(value)
      }),
    )
    .map((cells) => Object.fromEntries(all.map((column, index) => [column.name, cells[index]])))
}

/** DuckDB spells the numbers of JSON in its own way when it reads JSON Lines. */
function sameJson(rows: ReadRows, all: readonly ColumnSchema[]): ReadRows {
  return rows.map((row) =>
    row.map((cell, index) =>
      all[index]?.data_type === 'json' && typeof cell === 'string' ? JSON.stringify(JSON.parse(cell)) : cell,
    ),
  )
}

describe('round trip', () => {
  const at = useTemporaryFolder()

  // Hundreds of files are written and read: that takes its time on a machine with much else to do.
  test('of random batches is the same in every format', { timeout: 600_000 }, async () => {
    let files = 0
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 30 }), async (input, rowGroupRows) => {
        const expected = input.parts.flatMap((part) =>
          part.rows.map((row) =>
            input.columns.map((column, index) => (part.present[index] === true ? (row[column.name] ?? null) : null)),
          ),
        )
        for (const format of formats) {
          files += 1
          const path = at(`file ${files}`)
          const writer = createFileWriter(format, {
            path,
            tableName: 'rows',
            columns: input.columns,
            rowGroupRows,
            literals: duckDbLiterals,
          })
          for (const part of input.parts) {
            const present = input.columns.filter((_, index) => part.present[index] === true)
            await writer.write(tableBatch('rows', present, part.rows))
          }
          await writer.close()
          const read = await readWithDuckDb(format, path, input.columns)
          expect(sameJson(read, input.columns), format).toEqual(sameJson(expected, input.columns))
          await rm(path)
        }
      }),
      { numRuns: 60 },
    )
  })
})
