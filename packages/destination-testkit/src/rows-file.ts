import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLiteralWriter, type FileFormat, type LiteralStyle, type LoadJob } from '@dlt/destination'
import type { ColumnSchema } from '@dlt/schema'
import type { Cell } from './canonical-value.ts'

/** Formats that the suite writes itself. */
export type SampleFormat = Extract<FileFormat, 'jsonl' | 'tsv' | 'insert_values'>

/** All of them, the one that suits most destinations first. */
export const writtenFormats: readonly SampleFormat[] = ['jsonl', 'tsv', 'insert_values']

/** Rows for one table. */
export interface SampleRows {
  readonly tableName: string
  readonly columns: readonly ColumnSchema[]
  readonly rows: readonly (readonly Cell[])[]
}

const jsonCell = (column: ColumnSchema, cell: Cell): string => {
  if (cell instanceof Uint8Array) return JSON.stringify(Buffer.from(cell).toString('base64'))
  if (typeof cell === 'bigint') return cell.toString()
  if (column.data_type === 'json' && typeof cell === 'string') return cell
  return JSON.stringify(cell)
}

const jsonLine = (columns: readonly ColumnSchema[], row: readonly Cell[]): string => {
  const entries = columns.flatMap((column, index) => {
    const cell = row[index] ?? null
    return cell === null ? [] : [`${JSON.stringify(column.name)}:${jsonCell(column, cell)}`]
  })
  return `{${entries.join(',')}}\n`
}

const jsonLines = ({ columns, rows }: SampleRows): string => rows.map((row) => jsonLine(columns, row)).join('')

const insertValues = ({ columns, rows }: SampleRows, style: LiteralStyle): string => {
  const literals = createLiteralWriter(style)
  const literal = (cell: Cell): string => {
    if (cell === null) return 'NULL'
    if (cell instanceof Uint8Array) return literals.binary(cell)
    if (typeof cell === 'string') return literals.text(cell)
    return typeof cell === 'number' ? `${cell}${String(cell).includes('e') ? '' : 'e0'}` : String(cell)
  }
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(',')
  return `INSERT INTO {}(${names})\nVALUES\n${rows.map((row) => `(${row.map(literal).join(',')})`).join(',\n')};\n`
}

const tsvCell = (cell: Cell): string => {
  if (cell === null) return '\\N'
  const text = cell instanceof Uint8Array ? `\\x${Buffer.from(cell).toString('hex')}` : String(cell)
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t')
  return escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

const tabSeparated = ({ columns, rows }: SampleRows): string =>
  rows.map((row) => `${columns.map((_, index) => tsvCell(row[index] ?? null)).join('\t')}\n`).join('')

/** Where and how a file is written. */
export interface SampleFileOptions {
  readonly folder: string
  readonly format: SampleFormat
  readonly literals: LiteralStyle | undefined
}

const textOf = (sample: SampleRows, format: SampleFormat, literals: LiteralStyle | undefined): string => {
  if (format === 'tsv') return tabSeparated(sample)
  return format === 'jsonl' || literals === undefined ? jsonLines(sample) : insertValues(sample, literals)
}

/** Writes rows to a file and describes it as a job. */
export const writeRowsFile = async (sample: SampleRows, options: SampleFileOptions): Promise<LoadJob> => {
  const { folder, format, literals } = options
  const id = randomBytes(5).toString('hex')
  const path = join(folder, `${id}.${format}`)
  if (format === 'insert_values' && literals === undefined)
    throw new TypeError('Capabilities with "insert_values" need "literals"')
  await writeFile(path, textOf(sample, format, literals))
  return {
    jobId: `${sample.tableName}.${id}.${format}`,
    tableName: sample.tableName,
    path,
    format,
    rowCount: sample.rows.length,
    columns: sample.columns.map(({ name }) => name),
  }
}
