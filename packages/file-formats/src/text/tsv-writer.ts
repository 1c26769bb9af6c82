import type { ColumnVector, TableBatch } from '@dlt/schema'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { TextFile } from './text-file.ts'
import { columnEncoder } from './tsv/encode-column.ts'
import { RowBlock } from './tsv/row-block.ts'

/** Rows that are put together at once, unless they are large: their texts stay close to the processor. */
const blockRows = 512

/** Bytes of text columns from which on a block has fewer rows. One row can have more. */
const blockBytes = 1 << 20

/**
 * Writes values with tabs between them, one row a line, in UTF-8, without a header: what PostgreSQL's `COPY … (FORMAT text)`, MySQL's
 * `LOAD DATA` and ClickHouse's `TabSeparated` read. Null is `\N`; in text and JSON tab, line feed, carriage return and backslash are
 * `\t`, `\n`, `\r`, `\\`. Booleans are `true` and `false`, dates and times ISO, binary is `\x` (its backslash doubled) and hexadecimal
 * digits, fractions that are none are `NaN`, `Infinity`, `-Infinity`.
 */
export class TsvWriter implements FileWriter {
  readonly #file: TextFile
  readonly #columns: FileColumns
  readonly #block: RowBlock

  constructor(options: FileWriterOptions) {
    this.#file = new TextFile(options)
    this.#columns = new FileColumns(options.tableName, options.columns, 'fixed')
    this.#block = new RowBlock(options.tableName)
  }

  accepts(batch: TableBatch): boolean {
    return this.#columns.accepts(batch)
  }

  async write(batch: TableBatch): Promise<void> {
    const vectors = this.#columns.align(batch)
    const encoders = vectors.map(columnEncoder)
    const block = this.#block
    for (let from = 0; from < batch.rowCount; ) {
      const to = blockEnd(vectors, from, batch.rowCount)
      block.begin(to - from, encoders.length)
      for (const [column, encode] of encoders.entries()) encode(block, column, from, to)
      await this.#file.fillRows(to - from, block.byteCount, (buffer, at) => block.writeRows(buffer, at))
      from = to
    }
  }

  async close(): Promise<WrittenFile> {
    return this.#file.close(this.#columns.names)
  }

  async abort(): Promise<void> {
    await this.#file.abort()
  }
}

/** Up to where the rows of a block go. */
function blockEnd(vectors: readonly (ColumnVector | undefined)[], from: number, rowCount: number): number {
  let to = Math.min(from + blockRows, rowCount)
  while (to - from > 1 && textBytes(vectors, from, to) > blockBytes) to = from + ((to - from) >> 1)
  return to
}

function textBytes(vectors: readonly (ColumnVector | undefined)[], from: number, to: number): number {
  let bytes = 0
  for (const vector of vectors) {
    if (vector?.data.layout !== 'utf8' && vector?.data.layout !== 'binary') continue
    const { offsets } = vector.data
    bytes += (offsets[to] ?? 0) - (offsets[from] ?? 0)
  }
  return bytes
}
