import { readFile } from 'node:fs/promises'
import type { FileFormat } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { createFileWriter } from '../src/index.ts'
import { duckDbLiterals } from './duckdb-reader.ts'
import { type Row, tableBatch } from './table-batches.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

const columns: readonly ColumnSchema[] = [
  { name: 'id', data_type: 'bigint', nullable: false },
  { name: 'name "x"', data_type: 'text' },
  { name: 'amount', data_type: 'decimal', precision: 10, scale: 2 },
  { name: 'ratio', data_type: 'double' },
  { name: 'ok', data_type: 'bool' },
  { name: 'at', data_type: 'timestamp' },
  { name: 'wall', data_type: 'timestamp', timezone: false },
  { name: 'day', data_type: 'date' },
  { name: 'clock', data_type: 'time' },
  { name: 'raw', data_type: 'binary' },
  { name: 'doc', data_type: 'json' },
]

const rows: readonly Row[] = [
  {
    id: 1n,
    'name "x"': 'a,"b"\n\\',
    amount: -5n,
    ratio: 1,
    ok: true,
    at: 1_704_164_645_000_006n,
    wall: 1_704_164_645_000_000n,
    day: 19_724,
    clock: 3_723_000_004n,
    raw: new Uint8Array([0, 255]),
    doc: '{"a":\n"\\n"}',
  },
  { id: 2n, 'name "x"': '' },
]

describe('text of', () => {
  const at = useTemporaryFolder()
  const textOf = async (format: FileFormat, fileColumns: readonly ColumnSchema[], fileRows: readonly Row[]) => {
    const writer = createFileWriter(format, { path: at('file'), tableName: 'rows', literals: duckDbLiterals })
    await writer.write(tableBatch('rows', fileColumns, fileRows))
    await writer.close()
    return readFile(at('file'), 'utf8')
  }

  test('JSON Lines: one object a row, nulls left out', async () => {
    expect(await textOf('jsonl', columns, rows)).toBe(
      '{"id":1,"name \\"x\\"":"a,\\"b\\"\\n\\\\","amount":"-0.05","ratio":1.0,"ok":true,' +
        '"at":"2024-01-02T03:04:05.000006+00:00","wall":"2024-01-02T03:04:05","day":"2024-01-02",' +
        '"clock":"01:02:03.000004","raw":"AP8=","doc":{"a": "\\n"}}\n{"id":2,"name \\"x\\"":""}\n',
    )
  })

  test('CSV: text quoted, everything else not, null is nothing', async () => {
    expect(await textOf('csv', columns, rows)).toBe(
      '"id","name ""x""","amount","ratio","ok","at","wall","day","clock","raw","doc"\n' +
        '1,"a,""b""\n\\",-0.05,1.0,true,2024-01-02T03:04:05.000006+00:00,2024-01-02T03:04:05,2024-01-02,' +
        '01:02:03.000004,\\x00ff,"{""a"":\n""\\n""}"\n2,"",,,,,,,,,\n',
    )
  })

  test('tab-separated values: escapes of a backslash, no header', async () => {
    const hostile: Row = { id: 3n, 'name "x"': '\\N\t\r\n\\.\n', doc: '"\\t"' }
    expect(await textOf('tsv', columns, [...rows, hostile])).toBe(
      '1\ta,"b"\\n\\\\\t-0.05\t1.0\ttrue\t2024-01-02T03:04:05.000006+00:00\t2024-01-02T03:04:05\t2024-01-02\t' +
        '01:02:03.000004\t\\\\x00ff\t{"a":\\n"\\\\n"}\n' +
        '2\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n' +
        '3\t\\\\N\\t\\r\\n\\\\.\\n\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t"\\\\t"\n',
    )
  })

  test('INSERT values: one row a line, the table left open', async () => {
    expect(await textOf('insert_values', columns, rows)).toBe(
      'INSERT INTO {}("id","name ""x""","amount","ratio","ok","at","wall","day","clock","raw","doc")\nVALUES\n' +
        `(1,E'a,"b"\\n\\\\',-0.05,1.0e0,true,'2024-01-02T03:04:05.000006+00:00','2024-01-02T03:04:05','2024-01-02',` +
        `'01:02:03.000004',from_base64('AP8='),E'{"a":\\n"\\\\n"}'),\n` +
        `(2,E'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);\n`,
    )
  })

  test('INSERT values without rows: no row between VALUES and the end', async () => {
    expect(await textOf('insert_values', columns.slice(0, 1), [])).toBe('INSERT INTO {}("id")\nVALUES\n;\n')
  })

  test('INSERT values needs to know the literals', () => {
    expect(() => createFileWriter('insert_values', { path: at('file'), tableName: 'rows' })).toThrow(
      'A file of INSERT values for table "rows" needs to know how the destination spells literals.',
    )
  })

  test.each([
    ['jsonl', '{"x":1.5}\n{}\n{}\n{}\n{"x":-0.0}\n'],
    ['csv', '"x"\n1.5\nNaN\nInfinity\n-Infinity\n-0.0\n'],
    ['tsv', '1.5\nNaN\nInfinity\n-Infinity\n-0.0\n'],
    ['insert_values', `INSERT INTO {}("x")\nVALUES\n(1.5e0),\n('NaN'),\n('Infinity'),\n('-Infinity'),\n(-0.0e0);\n`],
  ] as const)('fractions that are none in %s', async (format, text) => {
    const values = [1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]
    const column: ColumnSchema = { name: 'x', data_type: 'double' }
    expect(
      await textOf(
        format,
        [column],
        values.map((x) => ({ x })),
      ),
    ).toBe(text)
  })

  test('JSON Lines takes columns that come later, and names all of them', async () => {
    const writer = createFileWriter('jsonl', { path: at('file'), tableName: 'rows' })
    await writer.write(tableBatch('rows', [{ name: 'a', data_type: 'bigint' }], [{ a: 1n }]))
    await writer.write(tableBatch('rows', [{ name: 'b', data_type: 'bool' }], [{ b: true }]))
    expect((await writer.close()).columns).toEqual(['a', 'b'])
    expect(await readFile(at('file'), 'utf8')).toBe('{"a":1}\n{"b":true}\n')
  })

  test('every control character is escaped in JSON', async () => {
    const text = String.fromCharCode(...Array.from({ length: 0x80 }, (_, code) => code))
    const line = await textOf('jsonl', [{ name: 't', data_type: 'text' }], [{ t: text }])
    expect(line).toBe(`{"t":${JSON.stringify(text)}}\n`)
  })
})
