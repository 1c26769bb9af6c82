import { ByteSink } from '../byte-sink.ts'
import type { FileWriterOptions, WrittenFile } from '../file-writer.ts'
import { OutputFile } from '../output-file.ts'

/** Bytes of text that are collected before they are written. */
const chunkBytes = 1024 * 1024

/** A file of rows of text. */
export class TextFile {
  readonly #file: OutputFile
  readonly #sink = new ByteSink()
  #rowCount = 0

  constructor(options: Pick<FileWriterOptions, 'path' | 'tableName'>) {
    this.#file = new OutputFile(options.path, options.tableName)
  }

  /** Rows written so far. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** Appends text that is no row: a header or the end. */
  write(text: string): void {
    this.#sink.bytes(Buffer.from(text))
  }

  /** Appends rows, one call of `writeRow` for each. */
  async writeRows(rowCount: number, writeRow: (sink: ByteSink, row: number) => void): Promise<void> {
    for (let row = 0; row < rowCount; row++) {
      writeRow(this.#sink, row)
      this.#rowCount++
      if (this.#sink.length >= chunkBytes) await this.#flush()
    }
  }

  /** Appends rows at once: `write` does as {@link ByteSink.fill} says. */
  async fillRows(
    rowCount: number,
    byteCount: number,
    write: (buffer: Uint8Array, at: number) => number,
  ): Promise<void> {
    this.#sink.fill(byteCount, write)
    this.#rowCount += rowCount
    if (this.#sink.length >= chunkBytes) await this.#flush()
  }

  /** Writes what is left and brings the file to the disk. */
  async close(columns: readonly string[]): Promise<WrittenFile> {
    await this.#flush()
    return { ...(await this.#file.close()), rowCount: this.#rowCount, columns }
  }

  /** Closes and removes the file. */
  async abort(): Promise<void> {
    await this.#file.remove()
  }

  async #flush(): Promise<void> {
    await this.#file.write([this.#sink.written])
    this.#sink.clear()
  }
}
