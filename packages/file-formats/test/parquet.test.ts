import { readFile } from 'node:fs/promises'
import type { ColumnData, ColumnSchema } from '@dlt/schema'
import { tableFromIPC } from 'apache-arrow'
import { Compression, ParquetFile, readParquet } from 'parquet-wasm'
import { describe, expect, test } from 'vitest'
import { createFileWriter, type FileWriterOptions } from '../src/index.ts'
import { readWithDuckDb, withDuckDb } from './duckdb-reader.ts'
import { edgeRows, everyColumn } from './every-type.ts'
import { type Row, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const numbers: readonly ColumnSchema[] = [{ name: 'n', data_type: 'bigint' }]

describe('Parquet', () => {
  const at = useTemporaryFolder()
  const write = async (
    columns: readonly ColumnSchema[],
    batches: readonly (readonly Row[])[],
    options: Partial<FileWriterOptions> = {},
  ) => {
    const writer = createFileWriter('parquet', { path: at('file'), tableName: 'rows', ...options })
    for (const rows of batches) await writer.write(tableBatch('rows', columns, rows))
    return writer.close()
  }
  const query = (sql: string) =>
    withDuckDb(async (connection) =>
      (await connection.runAndReadAll(sql.replace('?', `'${at('file')}'`))).getRowObjects(),
    )

  test('has the logical types that destinations expect', async () => {
    await write(everyColumn, [edgeRows])
    const described = await query('SELECT * FROM (DESCRIBE FROM read_parquet(?))')
    expect(described.map((column) => Object.values(column).slice(0, 2))).toEqual([
      ['txt', 'VARCHAR'],
      ['dbl', 'DOUBLE'],
      ['flag', 'BOOLEAN'],
      ['ts', 'TIMESTAMP WITH TIME ZONE'],
      ['ts naive', 'TIMESTAMP'],
      ['int', 'BIGINT'],
      ['bin', 'BLOB'],
      ['j"son', 'VARCHAR'],
      ['dec', 'DECIMAL(38,9)'],
      ['short_dec', 'DECIMAL(10,2)'],
      ['wei', 'DECIMAL(38,0)'],
      ['d', 'DATE'],
      ['tm', 'TIME'],
    ])
  })

  test('marks NOT NULL columns REQUIRED', async () => {
    await write(
      [
        { name: 'id', data_type: 'bigint', nullable: false },
        { name: 'n', data_type: 'bigint' },
        { name: 'm', data_type: 'bigint', nullable: true },
      ],
      [[{ id: 1n }]],
    )
    const schema = await query('SELECT name, repetition_type FROM parquet_schema(?) WHERE num_children IS NULL')
    expect(schema).toEqual([
      { name: 'id', repetition_type: 'REQUIRED' },
      { name: 'n', repetition_type: 'OPTIONAL' },
      { name: 'm', repetition_type: 'OPTIONAL' },
    ])
  })

  test('is read by a second, independent reader', async () => {
    await write(everyColumn, [edgeRows, [], edgeRows], { rowGroupRows: 5 })
    const table = tableFromIPC(readParquet(await readFile(at('file'))).intoIPCStream())
    expect(table.schema.fields.map((field) => [field.name, String(field.type), field.nullable])).toEqual([
      ['txt', 'Utf8', true],
      ['dbl', 'Float64', true],
      ['flag', 'Bool', true],
      ['ts', 'Timestamp<MICROSECOND, UTC>', true],
      ['ts naive', 'Timestamp<MICROSECOND>', true],
      ['int', 'Int64', true],
      ['bin', 'Binary', true],
      ['j"son', 'Utf8', true],
      ['dec', 'Decimal[38e+9]', true],
      ['short_dec', 'Decimal[10e+2]', true],
      ['wei', 'Decimal[38e0]', true],
      ['d', 'Date32<DAY>', true],
      ['tm', 'Time64<MICROSECOND>', true],
    ])
    for (const name of ['txt', 'dbl', 'flag', 'int', 'bin', 'j"son']) {
      const expected = [...edgeRows, ...edgeRows].map((row) => row[name] ?? null)
      expect([...(table.getChild(name) ?? [])], name).toEqual(expected)
    }
  })

  test('ends row groups after enough rows', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ n: BigInt(n) }))
    await write(numbers, [rows.slice(0, 30), rows.slice(30, 60), rows.slice(60)], { rowGroupRows: 50 })
    expect(await query('SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(?) ORDER BY 1')).toEqual(
      [
        { row_group_id: 0n, row_group_num_rows: 60n },
        { row_group_id: 1n, row_group_num_rows: 40n },
      ],
    )
    expect(await readWithDuckDb('parquet', at('file'), numbers)).toEqual(rows.map((row) => [row.n]))
  })

  test('ends row groups after enough bytes, and writes them at once', async () => {
    const writer = createFileWriter('parquet', { path: at('file'), tableName: 'rows', rowGroupBytes: 1000 })
    const batch = tableBatch(
      'rows',
      numbers,
      Array.from({ length: 130 }, () => ({ n: 7n })),
    )
    await writer.write(batch)
    const early = (await readFile(at('file'))).byteLength
    expect(early).toBeGreaterThan(1000)
    await writer.write(batch)
    await writer.close()
    expect(
      await query('SELECT count(*) AS groups, sum(row_group_num_rows)::INTEGER AS rows FROM parquet_metadata(?)'),
    ).toEqual([{ groups: 2n, rows: 260 }])
  })

  test('cuts long columns into pages that begin at whole bytes of validity', async () => {
    const columns: readonly ColumnSchema[] = [
      { name: 'txt', data_type: 'text' },
      { name: 'flag', data_type: 'bool' },
    ]
    const rows = Array.from({ length: 1003 }, (_, row) => ({
      ...(row % 7 !== 0 && { txt: `${row}`.repeat(4000) }),
      ...(row % 3 !== 0 && { flag: row % 2 === 0 }),
    }))
    await write(columns, [rows])
    expect(await readWithDuckDb('parquet', at('file'), columns)).toEqual(
      rows.map((row) => [row.txt ?? null, row.flag ?? null]),
    )
  })

  test('has pages without any text, beside others', async () => {
    const columns: readonly ColumnSchema[] = [{ name: 'txt', data_type: 'text' }]
    const long = 'x'.repeat(2_000_000)
    const rows = Array.from({ length: 40 }, (_, row) => (row < 8 || row > 31 ? { txt: `${row}${long}` } : {}))
    await write(columns, [rows, rows.slice(8, 32)])
    const expected = [...rows, ...rows.slice(8, 32)].map(({ txt }) => txt ?? null)
    expect(await readWithDuckDb('parquet', at('file'), columns)).toEqual(expected.map((txt) => [txt]))
    const table = tableFromIPC(readParquet(await readFile(at('file'))).intoIPCStream())
    expect([...(table.getChild('txt') ?? [])]).toEqual(expected)
  })

  test.each(['gzip', 'zstd'] as const)('compresses with %s', async (compression) => {
    const many = Array.from({ length: 50 }, () => edgeRows).flat()
    const plain = await write(everyColumn, [many], { path: at('plain') })
    const packed = await write(everyColumn, [many], { compression })
    expect(packed.byteCount).toBeLessThan(plain.byteCount / 3)
    expect(await readWithDuckDb('parquet', at('file'), everyColumn)).toEqual(
      await readWithDuckDb('parquet', at('plain'), everyColumn),
    )
    const file = await ParquetFile.fromFile(new Blob([await readFile(at('file'))]))
    const codec = file.metadata().rowGroup(0).column(0).compression()
    expect(codec).toBe(compression === 'gzip' ? Compression.GZIP : Compression.ZSTD)
  })

  test('refuses decimals of another scale, and says so before', async () => {
    const column: ColumnSchema = { name: 'd', data_type: 'decimal' }
    const first = tableBatch('rows', [{ ...column, precision: 10, scale: 2 }], [{ d: 1n }])
    const second = tableBatch('rows', [{ ...column, precision: 20, scale: 2 }], [{ d: 1n }])
    const writer = createFileWriter('parquet', { path: at('file'), tableName: 'rows' })
    await writer.write(first)
    expect([writer.accepts(first), writer.accepts(second)]).toEqual([true, false])
    await expect(writer.write(second)).rejects.toThrow(
      'Column "d" is stored as decimal(10, 2) in the file, a batch has it as decimal(20, 2). Start a new file for the batch.',
    )
    await writer.abort()
  })

  test('has more than fourteen columns with names in any script', async () => {
    const columns = Array.from(
      { length: 300 },
      (_, index): ColumnSchema => ({ name: `Spalte ß ${index} 列`, data_type: 'bigint' }),
    )
    const row = Object.fromEntries(columns.map((column, index) => [column.name, BigInt(index)]))
    await write(columns, [[row]])
    expect(await readWithDuckDb('parquet', at('file'), columns)).toEqual([columns.map((_, index) => BigInt(index))])
  })

  test('takes columns whose buffers lie anywhere in a larger buffer', async () => {
    const batch = tableBatch('rows', everyColumn, edgeRows)
    const elsewhere = {
      ...batch,
      columns: batch.columns.map((vector) => ({ ...vector, data: shifted(vector.data) })),
    }
    const writer = createFileWriter('parquet', { path: at('file'), tableName: 'rows' })
    await writer.write(elsewhere)
    await writer.close()
    expect(await readWithDuckDb('parquet', at('file'), everyColumn)).toEqual(
      edgeRows.map((row) => everyColumn.map((column) => row[column.name] ?? null)),
    )
  })
})

/** The same values, 16 bytes into a buffer of their own, with other bytes before and after. */
function shifted(data: ColumnData): ColumnData {
  const validity = data.validity === undefined ? {} : { validity: moved(data.validity) }
  switch (data.layout) {
    case 'int64':
      return { ...data, ...validity, values: new BigInt64Array(...movedWords(data.values)) }
    case 'float64':
      return { ...data, ...validity, values: new Float64Array(...movedWords(data.values)) }
    case 'date32':
      return { ...data, ...validity, values: new Int32Array(...movedWords(data.values)) }
    case 'utf8':
    case 'binary':
      return {
        ...data,
        ...validity,
        values: moved(data.values),
        offsets: new Int32Array(...movedWords(data.offsets)),
      }
    default:
      return { ...data, ...validity, values: moved(data.values) }
  }
}

function movedWords(values: BigInt64Array | Float64Array | Int32Array): [ArrayBufferLike, number, number] {
  const bytes = moved(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  return [bytes.buffer, bytes.byteOffset, values.length]
}

function moved(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(bytes.byteLength + 48).fill(0xff)
  room.set(bytes, 16)
  return room.subarray(16, 16 + bytes.byteLength)
}
