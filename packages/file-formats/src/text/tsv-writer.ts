import type { ColumnVector, TableBatch } from '@dlt/schema'
import type { ByteSink } from '../byte-sink.ts'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { type CellWriter, isNull, rowCell } from './row-cells.ts'
import { scalarText } from './scalar-text.ts'
import { TextFile } from './text-file.ts'

const [tab, lineFeed, backslash] = [0x09, 0x0a, 0x5c]

/** What stands behind the backslash for a byte that text cannot hold as it is; 0 for all others. */
const escapes = new Uint8Array(256)
escapes[tab] = 't'.charCodeAt(0)
escapes[lineFeed] = 'n'.charCodeAt(0)
escapes['\r'.charCodeAt(0)] = 'r'.charCodeAt(0)
escapes[backslash] = backslash

/**
 * Writes values with tabs between them, one row a line, in UTF-8, without a header: what PostgreSQL's `COPY … (FORMAT text)`, MySQL's
 * `LOAD DATA` and ClickHouse's `TabSeparated` read. Null is `\N`; in text and JSON tab, line feed, carriage return and backslash are
 * `\t`, `\n`, `\r`, `\\`. Booleans are `true` and `false`, dates and times ISO, binary is `\x` (its backslash doubled) and hexadecimal
 * digits, fractions that are none are `NaN`, `Infinity`, `-Infinity`.
 */
export class TsvWriter implements FileWriter {
  readonly #file: TextFile
  readonly #columns: FileColumns

  constructor(options: FileWriterOptions) {
    this.#file = new TextFile(options)
    this.#columns = new FileColumns(options.tableName, options.columns, 'fixed')
  }

  accepts(batch: TableBatch): boolean {
    return this.#columns.accepts(batch)
  }

  async write(batch: TableBatch): Promise<void> {
    const cells = this.#columns.align(batch).map((vector) => vector && rowCell(vector, tsvValue(vector)))
    await this.#file.writeRows(batch.rowCount, (sink, row) => {
      for (const [index, cell] of cells.entries()) {
        if (index > 0) sink.byte(tab)
        if (cell === undefined || isNull(cell, row)) sink.ascii('\\N')
        else cell.write(sink, row)
      }
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

function tsvValue(vector: ColumnVector): CellWriter {
  const { data } = vector
  if (data.layout === 'utf8') {
    return (sink, row) => writeEscaped(sink, data.values, data.offsets[row] ?? 0, data.offsets[row + 1] ?? 0)
  }
  const text = scalarText(vector, (bytes) => `\\\\x${Buffer.from(bytes).toString('hex')}`)
  return (sink, row) => sink.ascii(text(row))
}

function writeEscaped(sink: ByteSink, text: Uint8Array, start: number, end: number): void {
  let from = start
  for (let index = start; index < end; index++) {
    const letter = escapes[text[index] ?? 0] ?? 0
    if (letter === 0) continue
    sink.range(text, from, index)
    sink.byte(backslash)
    sink.byte(letter)
    from = index + 1
  }
  sink.range(text, from, end)
}
