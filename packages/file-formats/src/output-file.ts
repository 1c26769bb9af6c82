import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { DltError } from '@dlt/schema'
import type { WrittenFile } from './file-writer.ts'

/** A file that is on the disk. `checksum` is the SHA-256 of its content, hexadecimal. */
export type ClosedFile = Pick<WrittenFile, 'path' | 'byteCount' | 'checksum'>

/** A file that grows at its end. Opened by the first write; errors of the disk become {@link DltError}s that name it. */
export class OutputFile {
  readonly path: string
  readonly #tableName: string
  readonly #hash = createHash('sha256')
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
      let left = parts.filter((part) => part.byteLength > 0)
      let unhashed = left
      while (left.length > 0) {
        const writing = handle.writev(left)
        // While the disk is busy, this thread would only wait.
        for (const part of unhashed) this.#hash.update(part)
        unhashed = []
        const { bytesWritten } = await writing
        this.#byteCount += bytesWritten
        left = withoutBytes(left, bytesWritten)
      }
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
      return { path: this.path, byteCount: this.#byteCount, checksum: this.#hash.digest('hex') }
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

function withoutBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count
  const rest: Uint8Array[] = []
  for (const part of parts) {
    if (left >= part.byteLength) left -= part.byteLength
    else {
      rest.push(left === 0 ? part : part.subarray(left))
      left = 0
    }
  }
  return rest
}
