import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { FileFormat } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { createFileWriter } from '../src/index.ts'
import { duckDbLiterals, readWithDuckDb } from './duckdb-reader.ts'
import { edgeRows, everyColumn } from './every-type.ts'
import { type Row, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const formats: readonly FileFormat[] = ['parquet', 'jsonl', 'csv', 'tsv', 'insert_values']

const cells = (columns: readonly ColumnSchema[], rows: readonly Row[]) =>
  rows.map((row) => columns.map((column) => row[column.name] ?? null))

const required = (columns: readonly ColumnSchema[]): readonly ColumnSchema[] =>
  columns.map((column) => ({ ...column, nullable: false }))

describe.each(formats)('%s', (format) => {
  const at = useTemporaryFolder()
  const write = async (columns: readonly ColumnSchema[], batches: readonly (readonly Row[])[]) => {
    const writer = createFileWriter(format, { path: at('rows'), tableName: 'rows', columns, literals: duckDbLiterals })
    for (const rows of batches) await writer.write(tableBatch('rows', columns, rows))
    return writer.close()
  }

  test('brings every type with edge values and nulls', async () => {
    const file = await write(everyColumn, [edgeRows])
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual(cells(everyColumn, edgeRows))
    expect(file).toEqual({
      path: at('rows'),
      rowCount: edgeRows.length,
      byteCount: (await readFile(at('rows'))).byteLength,
      checksum: `crc32:${crc32(await readFile(at('rows')))
        .toString(16)
        .padStart(8, '0')}`,
      columns: everyColumn.map((column) => column.name),
    })
  })

  test('brings columns that are NOT NULL', async () => {
    const rows = edgeRows.filter((row) => everyColumn.every((column) => row[column.name] !== undefined))
    expect(rows.length).toBe(4)
    await write(required(everyColumn), [rows])
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual(cells(everyColumn, rows))
  })

  test('brings columns of nothing but nulls', async () => {
    await write(everyColumn, [Array.from({ length: 20 }, () => ({}))])
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual(
      cells(
        everyColumn,
        Array.from({ length: 20 }, () => ({})),
      ),
    )
  })

  test('brings many batches, empty ones among them, in order', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      ...edgeRows[index % edgeRows.length],
      int: BigInt(index),
    }))
    const cuts = [0, 0, 1, 8, 16, 25, 25, 89, 189, 300, 300]
    const batches = cuts.slice(1).map((cut, index) => rows.slice(cuts[index], cut))
    const file = await write(everyColumn, batches)
    expect(file.rowCount).toBe(300)
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual(cells(everyColumn, rows))
  })

  test('makes a file without rows', async () => {
    const file = await write(everyColumn, [])
    expect(file.rowCount).toBe(0)
    expect(file.columns).toEqual(everyColumn.map((column) => column.name))
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual([])
  })

  test('makes a file of batches without rows', async () => {
    await write(everyColumn, [[], []])
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual([])
  })

  test('fills columns that a batch lacks with nulls, whatever the order of its columns', async () => {
    const writer = createFileWriter(format, {
      path: at('rows'),
      tableName: 'rows',
      columns: everyColumn,
      literals: duckDbLiterals,
    })
    await writer.write(tableBatch('rows', everyColumn.slice(0, 3), edgeRows))
    await writer.write(tableBatch('rows', [...everyColumn.slice(3)].reverse(), edgeRows))
    await writer.close()
    const head = new Set(everyColumn.slice(0, 3).map((column) => column.name))
    const expected = [true, false].flatMap((isHead) =>
      edgeRows.map((row) =>
        everyColumn.map((column) => (head.has(column.name) === isHead ? (row[column.name] ?? null) : null)),
      ),
    )
    expect(await readWithDuckDb(format, at('rows'), everyColumn)).toEqual(expected)
  })

  test('refuses nulls in a NOT NULL column, also where a batch lacks it', async () => {
    const columns: readonly ColumnSchema[] = [{ name: 'id', data_type: 'bigint', nullable: false }]
    await expect(write(columns, [[{ id: 1n }, {}]])).rejects.toThrow(
      'Column "id" of table "rows" must not be null, but 1 of 2 rows have no value. Give every row a value, or make the column nullable.',
    )
    const writer = createFileWriter(format, { path: at('other'), tableName: 'rows', columns, literals: duckDbLiterals })
    await writer.write(tableBatch('rows', columns, [{ id: 1n }]))
    expect(writer.accepts(tableBatch('rows', [], [{}, {}, {}]))).toBe(false)
    await expect(writer.write(tableBatch('rows', [], [{}, {}, {}]))).rejects.toMatchObject({
      code: 'DATA',
      context: { table: 'rows', column: 'id' },
    })
    await writer.abort()
  })

  test('refuses a column of another type, and says so before', async () => {
    const first = tableBatch('rows', [{ name: 'a', data_type: 'bigint' }], [{ a: 1n }])
    const second = tableBatch('rows', [{ name: 'a', data_type: 'double' }], [{ a: 1.5 }])
    const writer = createFileWriter(format, { path: at('rows'), tableName: 'rows', literals: duckDbLiterals })
    expect(writer.accepts(second)).toBe(true)
    await writer.write(first)
    expect(writer.accepts(first)).toBe(true)
    expect(writer.accepts(second)).toBe(false)
    await expect(writer.write(second)).rejects.toThrow(
      'Column "a" of table "rows" is of type "double", in the file it is of type "bigint". Start a new file for the batch.',
    )
    await writer.abort()
  })

  test('removes the file on abort, before and after rows, twice', async () => {
    const untouched = createFileWriter(format, { path: at('untouched'), tableName: 'rows', literals: duckDbLiterals })
    await untouched.abort()
    const writer = createFileWriter(format, {
      path: at('rows'),
      tableName: 'rows',
      rowGroupRows: 1,
      literals: duckDbLiterals,
    })
    const long = { txt: 'x'.repeat(3_000_000) }
    await writer.write(tableBatch('rows', [{ name: 'txt', data_type: 'text' }], [long]))
    expect(existsSync(at('rows'))).toBe(true)
    await writer.abort()
    await writer.abort()
    expect(existsSync(at('rows'))).toBe(false)
  })

  test('names the file where the disk fails', async () => {
    const path = at('no-such-folder/rows')
    const writer = createFileWriter(format, { path, tableName: 'rows', columns: everyColumn, literals: duckDbLiterals })
    await expect(writer.close()).rejects.toMatchObject({
      code: 'WORKING_DIRECTORY',
      context: { file: path, table: 'rows' },
      message: expect.stringMatching(/^The file ".*rows" for table "rows" could not be written: ENOENT.* Check that/),
    })
    await writer.abort()
  })

  test('never overwrites a file', async () => {
    await write(everyColumn, [edgeRows])
    const before = await readFile(at('rows'))
    const writer = createFileWriter(format, {
      path: at('rows'),
      tableName: 'rows',
      columns: everyColumn,
      literals: duckDbLiterals,
    })
    await expect(writer.close()).rejects.toThrow('EEXIST')
    await writer.abort()
    expect(await readFile(at('rows'))).toEqual(before)
  })
})

describe.each(formats.filter((format) => format !== 'jsonl'))('%s, whose columns are fixed,', (format) => {
  const at = useTemporaryFolder()

  test('refuses a column that the file does not have', async () => {
    const writer = createFileWriter(format, { path: at('rows'), tableName: 'rows', literals: duckDbLiterals })
    await writer.write(tableBatch('rows', [{ name: 'a', data_type: 'bigint' }], [{ a: 1n }]))
    const wider = tableBatch('rows', [{ name: 'b', data_type: 'bigint' }], [{ b: 1n }])
    expect(writer.accepts(wider)).toBe(false)
    await expect(writer.write(wider)).rejects.toMatchObject({
      code: 'SCHEMA',
      message: 'Column "b" of table "rows" is not among the columns of the file. Start a new file for the batch.',
    })
    await writer.abort()
  })
})
