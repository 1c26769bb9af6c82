import { join } from 'node:path'
import type { FileFormat } from '@dlt/destination'
import { createFileWriter, type FileWriter, type WrittenFile } from '@dlt/file-formats'
import type { TableBatch } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import { packageFileName } from '../packages/package-file-name.ts'
import type { WriteTask } from './normalize-task.ts'

/** What table files are made from. */
export type TableFilesOptions = Pick<WriteTask, 'directory' | 'formats' | 'literals'>

interface OpenFile {
  readonly name: string
  readonly tableName: string
  readonly format: FileFormat
  readonly writer: FileWriter
}

/** One file a table, another one when a batch brings columns that the file does not have. */
export class TableFiles {
  readonly #options: TableFilesOptions
  readonly #open = new Map<string, OpenFile>()
  readonly #closed: ManifestFile[] = []

  constructor(options: TableFilesOptions) {
    this.#options = options
  }

  /** Adds rows to the file of their table. A page without rows makes a table and no file. */
  async write(batch: TableBatch): Promise<void> {
    if (batch.rowCount === 0) return
    const file = await this.#fileFor(batch)
    await file.writer.write(batch)
  }

  /** Closes all files; what they hold is on the disk then. */
  async close(): Promise<readonly ManifestFile[]> {
    for (const file of this.#open.values()) await this.#close(file)
    return this.#closed
  }

  /** Removes what was written. */
  async abort(): Promise<void> {
    await Promise.all(this.#open.values().map((file) => file.writer.abort()))
  }

  async #fileFor(batch: TableBatch): Promise<OpenFile> {
    const current = this.#open.get(batch.tableName)
    if (current?.writer.accepts(batch) === true) return current
    if (current !== undefined) await this.#close(current)
    const file = this.#start(batch)
    this.#open.set(batch.tableName, file)
    return file
  }

  #start({ tableName, columns }: TableBatch): OpenFile {
    const { directory, formats, literals } = this.#options
    const format = formats.get(tableName) ?? 'jsonl'
    const name = packageFileName(tableName, format)
    const writer = createFileWriter(format, {
      path: join(directory, name),
      tableName,
      columns: columns.map(({ column }) => column),
      ...(literals === undefined ? {} : { literals }),
    })
    return { name, tableName, format, writer }
  }

  async #close(file: OpenFile): Promise<void> {
    this.#closed.push(manifestFile(file, await file.writer.close()))
    // One that cannot be closed is still to be aborted.
    this.#open.delete(file.tableName)
  }
}

function manifestFile({ name, tableName, format }: OpenFile, written: WrittenFile): ManifestFile {
  return {
    name,
    tableName,
    kind: format,
    rows: written.rowCount,
    bytes: written.byteCount,
    checksum: written.checksum,
    columns: written.columns,
  }
}
