import type { ColumnVector, TableBatch } from '@dlt/schema'
import { ByteSink } from '../byte-sink.ts'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { writeJsonOnOneLine, writeJsonString } from './json-text.ts'
import { type CellWriter, isNull, type RowCell, rowCell } from './row-cells.ts'
import { scalarText } from './scalar-text.ts'
import { TextFile } from './text-file.ts'

const [openBrace, closeBrace, comma, lineFeed, quote] = [0x7b, 0x7d, 0x2c, 0x0a, 0x22]

/**
 * Writes JSON Lines: one object a row, without spaces, in UTF-8. Nulls are left out; numbers and booleans are JSON's own
 * (integers and decimals keep all digits: decimals, dates and times are strings); binary is base64; JSON stands as it is.
 * NaN and infinities, which JSON lacks, are left out like nulls, and readers take a JSON column's `null` for one.
 */
export class JsonLinesWriter implements FileWriter {
  readonly #file: TextFile
  readonly #columns: FileColumns

  constructor(options: FileWriterOptions) {
    this.#file = new TextFile(options)
    this.#columns = new FileColumns(options.tableName, options.columns, 'open')
  }

  accepts(batch: TableBatch): boolean {
    return this.#columns.accepts(batch)
  }

  async write(batch: TableBatch): Promise<void> {
    const cells = this.#columns.align(batch).flatMap((vector) => (vector === undefined ? [] : [jsonCell(vector)]))
    await this.#file.writeRows(batch.rowCount, (sink, row) => {
      sink.byte(openBrace)
      let first = true
      for (const cell of cells) {
        if (isNull(cell, row) || cell.isAbsent(row)) continue
        if (!first) sink.byte(comma)
        first = false
        sink.bytes(cell.key)
        cell.write(sink, row)
      }
      sink.byte(closeBrace)
      sink.byte(lineFeed)
    })
  }

  async close(): Promise<WrittenFile> {
    return this.#file.close(this.#columns.names)
  }

  async abort(): Promise<void> {
    await this.#file.abort()
  }
}

/** A column with its key, and whether a value that is not null has no place in JSON. */
interface JsonCell extends RowCell {
  readonly key: Uint8Array
  readonly isAbsent: (row: number) => boolean
}

function jsonCell(vector: ColumnVector): JsonCell {
  const sink = new ByteSink(64)
  const name = Buffer.from(vector.column.name)
  writeJsonString(sink, name, 0, name.length)
  sink.ascii(':')
  const { data } = vector
  return {
    ...rowCell(vector, jsonValue(vector)),
    key: sink.written,
    isAbsent: data.layout === 'float64' ? (row) => !Number.isFinite(data.values[row]) : () => false,
  }
}

function jsonValue(vector: ColumnVector): CellWriter {
  const { column, data } = vector
  if (data.layout === 'utf8') {
    const write = column.data_type === 'json' ? writeJsonOnOneLine : writeJsonString
    return (sink, row) => write(sink, data.values, data.offsets[row] ?? 0, data.offsets[row + 1] ?? 0)
  }
  const text = scalarText(vector, (bytes) => Buffer.from(bytes).toString('base64'))
  if (data.layout === 'bool' || data.layout === 'float64' || column.data_type === 'bigint') {
    return (sink, row) => sink.ascii(text(row))
  }
  return (sink, row) => {
    sink.byte(quote)
    sink.ascii(text(row))
    sink.byte(quote)
  }
}
