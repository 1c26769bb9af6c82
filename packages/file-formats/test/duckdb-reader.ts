import { readFile } from 'node:fs/promises'
import { createLiteralWriter, type FileFormat } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { CellValue } from './table-batches.ts'

/** How values are spelled in INSERT statements for DuckDB. */
export const duckDbLiterals = {
  text: 'escape-string',
  binary: 'from-base64',
  characterFunction: 'chr',
  nul: 'keep',
} as const

/** Rows as they come back: the same values that tests write, in the order of the columns. */
export type ReadRows = readonly (readonly CellValue[])[]

/** Runs a function with an empty in-memory database. */
export async function withDuckDb<Result>(run: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  try {
    return await run(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Loads a file into a table of the columns' types, as a destination does, and reads the table. */
export async function readWithDuckDb(
  format: FileFormat,
  path: string,
  columns: readonly ColumnSchema[],
): Promise<ReadRows> {
  return withDuckDb(async (connection) => {
    const definitions = columns.map((column) => `${quoted(column.name)} ${sqlType(column)}`)
    await connection.run(`CREATE TABLE "read" (${definitions.join(', ')})`)
    for (const statement of await loadStatements(format, path, columns)) await connection.run(statement)
    const reader = await connection.runAndReadAll(`SELECT ${columns.map(comparable).join(', ')} FROM "read"`)
    return reader.getRows().map((row) => row.map((value, index) => cellOf(columns[index], value)))
  })
}

async function loadStatements(
  format: FileFormat,
  path: string,
  columns: readonly ColumnSchema[],
): Promise<readonly string[]> {
  if (format === 'parquet') return [`INSERT INTO "read" BY NAME FROM read_parquet('${path}')`]
  if (format === 'insert_values') {
    const text = await readFile(path, 'utf8')
    return text.includes('VALUES\n;') ? [] : [text.replace('{}', '"read"')]
  }
  if (format === 'tsv') return tsvStatements(await readFile(path, 'utf8'), columns)
  const fields = columns.map((column) => `'${column.name.replaceAll("'", "''")}': '${fileType(format, column)}'`)
  const source =
    format === 'jsonl'
      ? `read_json('${path}', format = 'newline_delimited', columns = {${fields.join(', ')}}, maximum_object_size = 100000000)`
      : `read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', ` +
        `allow_quoted_nulls = false, strict_mode = true, columns = {${fields.join(', ')}})`
  return [`INSERT INTO "read" SELECT ${columns.map((column) => fromText(format, column)).join(', ')} FROM ${source}`]
}

/** DuckDB's reader of CSV does not know the escapes of such files: they are read here, and the values put into statements. */
function tsvStatements(text: string, columns: readonly ColumnSchema[]): readonly string[] {
  const literals = createLiteralWriter(duckDbLiterals)
  const literal = (field: string, column: ColumnSchema | undefined): string => {
    if (column === undefined) throw new TypeError('A line has more fields than there are columns')
    if (field === '\\N') return 'NULL'
    const value = field.replaceAll(/\\(.)/g, (_, escaped: string) => escapedCharacters[escaped] ?? escaped)
    return column.data_type === 'binary'
      ? `unhex('${value.slice(2)}')`
      : `CAST(${literals.text(value)} AS ${sqlType(column)})`
  }
  const rows = text.split('\n').slice(0, -1)
  const tuples = rows.map((row) => `(${row.split('\t').map((field, index) => literal(field, columns[index]))})`)
  return tuples.length === 0 ? [] : [`INSERT INTO "read" VALUES ${tuples.join(', ')}`]
}

const escapedCharacters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' }

function sqlType(column: ColumnSchema): string {
  switch (column.data_type) {
    case 'bool':
      return 'BOOLEAN'
    case 'bigint':
      return 'BIGINT'
    case 'double':
      return 'DOUBLE'
    case 'date':
      return 'DATE'
    case 'time':
      return 'TIME'
    case 'timestamp':
      return column.timezone === false ? 'TIMESTAMP' : 'TIMESTAMP WITH TIME ZONE'
    case 'decimal':
    case 'wei':
      return `DECIMAL(${column.precision ?? 38}, ${column.scale ?? (column.data_type === 'wei' ? 0 : 9)})`
    case 'binary':
      return 'BLOB'
    case 'json':
      return 'JSON'
    default:
      return 'VARCHAR'
  }
}

function fileType(format: FileFormat, column: ColumnSchema): string {
  return column.data_type === 'binary' || (format === 'csv' && column.data_type === 'json')
    ? 'VARCHAR'
    : sqlType(column)
}

function fromText(format: FileFormat, column: ColumnSchema): string {
  if (column.data_type !== 'binary') return quoted(column.name)
  return format === 'csv' ? `unhex(${quoted(column.name)}[3:])` : `from_base64(${quoted(column.name)})`
}

/** Values in a form that the driver gives back without loss. */
function comparable(column: ColumnSchema): string {
  const name = quoted(column.name)
  switch (column.data_type) {
    case 'timestamp':
    case 'time':
      return `epoch_us(${name})`
    case 'date':
      return `${name} - DATE '1970-01-01'`
    case 'decimal':
    case 'wei':
    case 'json':
      return `${name}::VARCHAR`
    case 'binary':
      return `hex(${name})`
    default:
      return name
  }
}

function cellOf(column: ColumnSchema | undefined, value: unknown): CellValue {
  if (value === null) return null
  if (column?.data_type === 'binary') return Uint8Array.from(Buffer.from(String(value), 'hex'))
  if (column?.data_type === 'decimal' || column?.data_type === 'wei') return BigInt(String(value).replace('.', ''))
  if (column?.data_type === 'date') return Number(value)
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number') return value
  if (typeof value === 'boolean') return value
  throw new TypeError(`DuckDB gave a value of an unexpected kind for column "${column?.name}"`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
