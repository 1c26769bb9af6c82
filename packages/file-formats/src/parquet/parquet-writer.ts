import type { TableBatch } from '@dlt/schema'
import { FileColumns } from '../file-columns.ts'
import type { FileWriter, FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { OutputFile } from '../output-file.ts'
import { ColumnChunk } from './column-chunk.ts'
import { encodeFooter, type FooterRowGroup, magic } from './file-footer.ts'
import { type PageCodec, pageCodec } from './page-codec.ts'

const defaultRowGroupRows = 122_880
const defaultRowGroupBytes = 16 * 1024 * 1024

/**
 * Writes Parquet. Values stay as they are in the batches, so that little more than writing is left to do, and the file grows row group
 * by row group: memory is bounded by one of them.
 */
export class ParquetWriter implements FileWriter {
  readonly #file: OutputFile
  readonly #columns: FileColumns
  readonly #codec: PageCodec
  readonly #rowGroupRows: number
  readonly #rowGroupBytes: number
  readonly #rowGroups: FooterRowGroup[] = []
  #chunks: readonly ColumnChunk[] = []
  #groupRows = 0

  constructor(options: FileWriterOptions) {
    this.#file = new OutputFile(options.path, options.tableName)
    this.#columns = new FileColumns(options.tableName, options.columns, 'fixed')
    this.#codec = pageCodec(options.compression ?? 'none')
    this.#rowGroupRows = options.rowGroupRows ?? defaultRowGroupRows
    this.#rowGroupBytes = options.rowGroupBytes ?? defaultRowGroupBytes
  }

  accepts(batch: TableBatch): boolean {
    if (!this.#columns.accepts(batch)) return false
    const vectors = new Map(batch.columns.map((vector) => [vector.column.name, vector]))
    return this.#chunks.every((chunk) => chunk.accepts(vectors.get(chunk.name)))
  }

  async write(batch: TableBatch): Promise<void> {
    const vectors = this.#columns.align(batch)
    this.#prepareChunks()
    for (const [index, chunk] of this.#chunks.entries()) chunk.add(vectors[index], batch.rowCount)
    this.#groupRows += batch.rowCount
    if (this.#groupRows >= this.#rowGroupRows || this.#groupBytes() >= this.#rowGroupBytes) await this.#endRowGroup()
  }

  async close(): Promise<WrittenFile> {
    this.#prepareChunks()
    if (this.#groupRows > 0) await this.#endRowGroup()
    const columns = this.#chunks.map((chunk) => chunk.footerColumn())
    await this.#begin()
    await this.#file.write([encodeFooter(columns, this.#rowGroups, this.#codec.code)])
    return {
      ...(await this.#file.close()),
      rowCount: this.#rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
      columns: this.#columns.names,
    }
  }

  async abort(): Promise<void> {
    await this.#file.remove()
  }

  #prepareChunks(): void {
    if (this.#chunks.length > 0) return
    this.#chunks = this.#columns.list.map((column) => new ColumnChunk(column, this.#codec))
  }

  #groupBytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.byteCount, 0)
  }

  async #begin(): Promise<void> {
    if (this.#file.byteCount === 0) await this.#file.write([magic])
  }

  async #endRowGroup(): Promise<void> {
    await this.#begin()
    let offset = this.#file.byteCount
    const taken = this.#chunks.map((chunk) => {
      const pages = chunk.takePages(offset)
      offset += pages.place.byteCount
      return pages
    })
    this.#rowGroups.push({ rowCount: this.#groupRows, chunks: taken.map((pages) => pages.place) })
    this.#groupRows = 0
    await this.#file.write(taken.flatMap((pages) => pages.parts))
  }
}
