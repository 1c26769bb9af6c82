import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DestinationClient, FileFormat } from '@dlt/destination'
import { sampleSchema } from '@dlt/destination-testkit'
import type { ColumnSchema, Schema } from '@dlt/schema'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { duckdb } from '../src/index.ts'
import { longestLine } from '../src/jobs/longest-line.ts'
import { tupleChunks } from '../src/jobs/tuple-chunks.ts'

const columns: readonly ColumnSchema[] = [
  { name: 'id', data_type: 'bigint', nullable: false },
  { name: 'flag', data_type: 'bool' },
  { name: 'size', data_type: 'double' },
  { name: 'price', data_type: 'decimal', precision: 10, scale: 2 },
  { name: 'made', data_type: 'timestamp' },
  { name: 'wall', data_type: 'timestamp', timezone: false },
  { name: 'day', data_type: 'date' },
  { name: 'hour', data_type: 'time' },
  { name: 'name "x"', data_type: 'text' },
  { name: 'bytes', data_type: 'binary' },
  { name: 'document', data_type: 'json' },
]
const schema = sampleSchema('jobs', { items: columns })

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection
let client: DestinationClient
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "dlt [duck]*'b-"))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  client = await duckdb({ credentials: connection }).connect({
    pipelineName: 'jobs',
    datasetName: 'ds',
    localDirectory: folder,
  })
  await client.updateSchema(schema, ['items'])
})
afterEach(async () => {
  await client[Symbol.asyncDispose]()
  connection.closeSync()
  instance.closeSync()
  rmSync(folder, { recursive: true })
})

const rowsOf = async (sql: string): Promise<readonly unknown[]> => (await connection.runAndReadAll(sql)).getRowsJson()

interface FileOf {
  readonly format: FileFormat
  readonly rowCount: number
  readonly columns?: readonly string[]
  readonly schema?: Schema
}

let files = 0
const load = async (path: string, file: FileOf) => {
  files += 1
  const names = file.columns ?? columns.map(({ name }) => name)
  const job = {
    jobId: `items.${files}.${file.format}`,
    tableName: 'items',
    path,
    format: file.format,
    rowCount: file.rowCount,
    columns: names,
  }
  return client.load({ loadId: String(files), schema: file.schema ?? schema, jobs: [job], truncateTables: [] })
}

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const expected = [
  [
    '1',
    true,
    0.1,
    '1.50',
    '2024-01-02 03:04:05.000006+00',
    '2024-01-02 03:04:05.000006',
    '2024-01-02',
    '03:04:05.000006',
    'a,"b"\nc\\',
    '\\x00\\xFF',
    '{"a": 2.50}',
  ],
  ['2', null, null, null, null, null, null, null, '', '', null],
]
const select = `SELECT * REPLACE (id::VARCHAR AS id, price::VARCHAR AS price, made::VARCHAR AS made, bytes::VARCHAR AS bytes) FROM ds.items ORDER BY id`

it('loads CSV: an empty field is null, a quoted one the empty text', async () => {
  const lines = [
    '"id","flag","size","price","made","wall","day","hour","name ""x""","bytes","document"',
    '1,true,0.1,1.50,2024-01-02T03:04:05.000006+00:00,2024-01-02T03:04:05.000006,2024-01-02,03:04:05.000006,"a,""b""\nc\\",\\x00ff,"{""a"": 2.50}"',
    '2,,,,,,,,"",\\x,',
  ]
  await load(write('items.csv', `${lines.join('\n')}\n`), { format: 'csv', rowCount: 2 })
  expect(await rowsOf(select)).toEqual(expected)
})

it('loads tuples', async () => {
  const tuples = [
    `(1,true,1e-1,1.50,'2024-01-02T03:04:05.000006+00:00','2024-01-02T03:04:05.000006','2024-01-02','03:04:05.000006',E'a,"b"\\nc\\\\',from_base64('AP8='),E'{"a": 2.50}')`,
    `(2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,E'',from_base64(''),NULL)`,
  ]
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(',')
  await load(write('items.sql', `INSERT INTO {}(${names})\nVALUES\n${tuples.join(',\n')};\n`), {
    format: 'insert_values',
    rowCount: 2,
  })
  expect(await rowsOf(select)).toEqual(expected)
})

it('loads Parquet: the columns that are asked for, by name', async () => {
  await load(write('seed.csv', '"id"\n7\n'), { format: 'csv', rowCount: 1, columns: ['id'] })
  const path = join(folder, 'items.parquet')
  const source = `SELECT 'a' AS "name ""x""", 1::BIGINT AS id, 'not asked for' AS other, '{"a": 2.50}' AS document,
    TIMESTAMPTZ '2024-01-02 03:04:05.000006+00' AS made, 1.5::DECIMAL(10,2) AS price, TIME '03:04:05.000006' AS hour`
  await connection.run(`COPY (${source}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`)
  const asked = ['document', 'id', 'name "x"', 'made', 'price', 'hour']
  await load(path, { format: 'parquet', rowCount: 1, columns: asked })
  expect(
    await rowsOf(
      'SELECT id, "name ""x""", document, made::VARCHAR, price::VARCHAR, hour, flag FROM ds.items WHERE id = 1',
    ),
  ).toEqual([['1', 'a', '{"a": 2.50}', '2024-01-02 03:04:05.000006+00', '1.50', '03:04:05.000006', null]])
})

it('loads the values of a Parquet file with other types than the table, digit by digit, or not at all', async () => {
  const file = async (expression: string) => {
    const path = join(folder, `${expression.replaceAll(/\W/g, '_')}.parquet`)
    await connection.run(
      `COPY (SELECT 1::BIGINT AS id, ${expression} AS price) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
    )
    return load(path, { format: 'parquet', rowCount: 1, columns: ['id', 'price'] })
  }
  await file("'12.25'")
  await file('12::BIGINT')
  await expect(file('123456789012::BIGINT')).rejects.toThrow(
    /could not be loaded into table "items": DuckDB: Conversion Error/,
  )
  expect(await rowsOf('SELECT price::VARCHAR FROM ds.items ORDER BY 1')).toEqual([['12.00'], ['12.25']])
})

it.each(['jsonl', 'csv', 'insert_values'] as const)(
  'loads a text of 40 MB from %s, beside short ones',
  async (format) => {
    const long = 'x'.repeat(40_000_000)
    const texts = {
      jsonl: `{"id":1,"name \\"x\\"":"short"}\n{"id":2,"name \\"x\\"":"${long}"}\n{"id":3,"name \\"x\\"":"short"}\n`,
      csv: `"id","name ""x"""\n1,short\n2,${long}\n3,short\n`,
      insert_values: `INSERT INTO {}("id","name ""x""")\nVALUES\n(1,E'short'),\n(2,E'${long}'),\n(3,E'short');\n`,
    }
    await load(write(`items.${format}`, texts[format]), { format, rowCount: 3, columns: ['id', 'name "x"'] })
    expect(await rowsOf('SELECT id, length("name ""x""") FROM ds.items ORDER BY id')).toEqual([
      ['1', '5'],
      ['2', '40000000'],
      ['3', '5'],
    ])
  },
)

it('finds the longest line, wherever the pieces of a file end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3_000_000), { maxLength: 3 }), fc.boolean(), async (lengths, closed) => {
      const text = `${lengths.map((length) => 'x'.repeat(length)).join('\n')}${closed ? '\n' : ''}`
      expect(await longestLine(write('lines.jsonl', text), -1)).toBe(Math.max(0, ...lengths))
    }),
    { numRuns: 30 },
  )
})

it('names the column whose values have another type than the table', async () => {
  const withText = columns.map(
    (column): ColumnSchema => (column.name === 'id' ? { name: 'id', data_type: 'text' } : column),
  )
  const other = sampleSchema('other', { items: withText })
  await client.updateSchema(other, ['items'])
  // The update has made it a column of texts.
  await connection.run('ALTER TABLE ds.items ALTER id TYPE BIGINT')
  const path = write('items.jsonl', '{"id":"secret","flag":true}\n')
  const file = { format: 'jsonl', rowCount: 1, columns: ['id', 'flag'], schema: other } as const
  const error: unknown = await load(path, file).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ kind: 'terminal', context: { table: 'items', column: 'id' } })
  expect(String(error)).toMatch(
    /loaded into table "items": DuckDB: Conversion Error: Could not convert string … to INT64 \(column "id"\)$/,
  )
})

it('does not depend on the time zone of the session', async () => {
  await connection.run("SET TimeZone = 'Asia/Tokyo'")
  const lines = '"id","made","wall"\n1,2024-01-02T03:04:05+00:00,2024-01-02T03:04:05\n'
  await load(write('items.csv', lines), { format: 'csv', rowCount: 1, columns: ['id', 'made', 'wall'] })
  const text = '{"id":2,"made":"2024-01-02T03:04:05+00:00","wall":"2024-01-02T03:04:05"}\n'
  await load(write('items.jsonl', text), { format: 'jsonl', rowCount: 1, columns: ['id', 'made', 'wall'] })
  expect(await rowsOf('SELECT epoch(made), epoch(wall) FROM ds.items')).toEqual([
    [1704164645, 1704164645],
    [1704164645, 1704164645],
  ])
})

it('says which file is missing', async () => {
  const path = join(folder, 'missing.parquet')
  await expect(load(path, { format: 'parquet', rowCount: 1 })).rejects.toThrow(
    /^The file "items\.\d+\.parquet" could not be loaded into table "items": DuckDB: IO Error: No files found/,
  )
  await expect(load(path, { format: 'insert_values', rowCount: 1 })).rejects.toThrow(
    /could not be loaded into table "items": The file ".*missing\.parquet" cannot be read\.$/,
  )
})

it('refuses files of a table or column that the schema lacks', async () => {
  const path = write('items.csv', '"id"\n1\n')
  await expect(load(path, { format: 'csv', rowCount: 1, columns: ['id', 'other'] })).rejects.toThrow(
    /^The file "items\.\d+\.csv" of load package "\d+" has a column "other" that the schema of the package lacks\. The package is damaged\.$/,
  )
  await expect(load(path, { format: 'csv', rowCount: 1, schema: sampleSchema('jobs', {}) })).rejects.toThrow(
    /has rows of a table "items" that the schema/,
  )
})

it('cuts tuples at line ends, wherever the pieces end', async () => {
  const tuple = fc.string({ unit: 'grapheme' }).map((text) => `(E'${text.replaceAll(/[\n\r]/g, ' ')}')`)
  await fc.assert(
    fc.asyncProperty(fc.array(tuple), fc.integer({ min: 1, max: 200 }), async (tuples, bytes) => {
      const path = write('tuples.sql', `INSERT INTO {}("a")\nVALUES\n${tuples.join(',\n')};\n`)
      const pieces: string[] = []
      for await (const piece of tupleChunks(path, bytes)) pieces.push(piece)
      expect(pieces.join(',\n')).toBe(tuples.join(',\n'))
      for (const piece of pieces) expect(piece).toMatch(/^\([\s\S]*\)$/)
    }),
  )
})
