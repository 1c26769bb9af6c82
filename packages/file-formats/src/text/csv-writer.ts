import type { ColumnVector, TableBatch } from '@dlt/schema'
import type { ByteSink } from '../byte-sink.ts'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { type CellWriter, isNull, rowCell } from './row-cells.ts'
import { scalarText } from './scalar-text.ts'
import { TextFile } from './text-file.ts'

const [comma, lineFeed, quote] = [0x2c, 0x0a, 0x22]

/**
 * Writes CSV as RFC 4180 has it, in UTF-8, lines ending with a line feed, the first line naming the columns.
 * Text and JSON always stand in quotes, with quotes in them doubled; everything else never does. Null is nothing between
 * the commas, the empty text is `""`. Booleans are `true` and `false`, dates and times ISO, binary is `\x` and hexadecimal
 * digits, fractions that are none are `NaN`, `Infinity`, `-Infinity`: what PostgreSQL's `COPY … (FORMAT csv, HEADER)` reads.
 */
export class CsvWriter implements FileWriter {
  readonly #file: TextFile
  readonly #columns: FileColumns
  #hasHeader = false

  constructor(options: FileWriterOptions) {
    this.#file = new TextFile(options)
    this.#columns = new FileColumns(options.tableName, options.columns, 'fixed')
  }

  accepts(batch: TableBatch): boolean {
    return this.#columns.accepts(batch)
  }

  async write(batch: TableBatch): Promise<void> {
    const cells = this.#columns.align(batch).map((vector) => vector && rowCell(vector, csvValue(vector)))
    this.#writeHeader()
    await this.#file.writeRows(batch.rowCount, (sink, row) => {
      for (const [index, cell] of cells.entries()) {
        if (index > 0) sink.byte(comma)
        if (cell !== undefined && !isNull(cell, row)) cell.write(sink, row)
      }
      sink.byte(lineFeed)
    })
  }

  async close(): Promise<WrittenFile> {
    this.#writeHeader()
    return this.#file.close(this.#columns.names)
  }

  async abort(): Promise<void> {
    await this.#file.abort()
  }

  #writeHeader(): void {
    if (this.#hasHeader || this.#columns.names.length === 0) return
    this.#hasHeader = true
    this.#file.write(`${this.#columns.names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`)
  }
}

function csvValue(vector: ColumnVector): CellWriter {
  const { data } = vector
  if (data.layout === 'utf8') {
    return (sink, row) => writeQuoted(sink, data.values, data.offsets[row] ?? 0, data.offsets[row + 1] ?? 0)
  }
  const text = scalarText(vector, (bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)
  return (sink, row) => sink.ascii(text(row))
}

function writeQuoted(sink: ByteSink, text: Uint8Array, start: number, end: number): void {
  sink.byte(quote)
  let from = start
  for (let index = start; index < end; index++) {
    if (text[index] !== quote) continue
    // The quote itself is the first character of the next range, too.
    sink.range(text, from, index + 1)
    from = index
  }
  sink.range(text, from, end)
  sink.byte(quote)
}
