import { type FileHandle, open, rm } from 'node:fs/promises'
import { DltError } from '@dlt/schema'
import { ContentChecksum } from './content-checksum.ts'
import type { WrittenFile } from './file-writer.ts'
import { writeParts } from './write-parts.ts'

/** A file that is on the disk. */
export type ClosedFile = Pick<WrittenFile, 'path' | 'byteCount' | 'checksum'>

/** A file that grows at its end. Opened by the first write; errors of the disk become {@link DltError}s that name it. */
export class OutputFile {
  readonly path: string
  readonly #tableName: string
  readonly #checksum = new ContentChecksum()
  #handle: FileHandle | undefined
  #byteCount = 0

  constructor(path: string, tableName: string) {
    this.path = path
    this.#tableName = tableName
  }

  /** Bytes written so far. */
  get byteCount(): number {
    return this.#byteCount
  }

  /** Appends the parts, completely or with an error. */
  async write(parts: readonly Uint8Array[]): Promise<void> {
    try {
      const handle = await this.#open()
      const writing = writeParts(handle, parts)
      // While the disk is busy, this thread would only wait.
      for (const part of parts) this.#checksum.add(part)
      await writing
      this.#byteCount += parts.reduce((sum, part) => sum + part.byteLength, 0)
    } catch (cause) {
      throw this.#failure('written', cause)
    }
  }

  /** Brings everything to the disk, closes the file, and returns what it is now. */
  async close(): Promise<ClosedFile> {
    try {
      const handle = await this.#open()
      await handle.sync()
      this.#handle = undefined
      await handle.close()
      return { path: this.path, byteCount: this.#byteCount, checksum: this.#checksum.text }
    } catch (cause) {
      throw this.#failure('brought to the disk', cause)
    }
  }

  /** Closes and removes the file. */
  async remove(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    try {
      await handle?.close()
    } finally {
      if (handle !== undefined || this.#byteCount > 0) await rm(this.path, { force: true })
    }
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await open(this.path, 'wx')
    return this.#handle
  }

  #failure(what: string, cause: unknown): DltError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new DltError(
      `The file "${this.path}" for table "${this.#tableName}" could not be ${what}: ${reason}. ` +
        'Check that its folder exists and can be written, and that the disk has space left.',
      {
        code: 'WORKING_DIRECTORY',
        retryable: isDiskFull(cause),
        context: { file: this.path, table: this.#tableName },
        cause,
      },
    )
  }
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
}
