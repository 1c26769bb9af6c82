import { type BigIntStats, statSync } from 'node:fs'
import { DltError } from '@dlt/schema'
import { readText } from './read-text.ts'
import { systemCode, unreadableFile } from './unreadable-file.ts'

/** Reads and looks at files; replaced in tests that count. */
export interface FileAccess {
  stat(path: string): BigIntStats | undefined
  read(path: string): string
}

/** The files of this machine. */
export const localFiles: FileAccess = {
  stat: (path) => statSync(path, { bigint: true, throwIfNoEntry: false }),
  read: readText,
}

/** A file that is read when it is first needed, and again only when it changed: another time, size or inode. */
export class WatchedFile<Content> {
  readonly path: string
  readonly #files: FileAccess
  readonly #parse: (text: string, path: string) => Content
  #signature: string | undefined
  #content: Content | undefined

  constructor(path: string, parse: (text: string, path: string) => Content, files: FileAccess = localFiles) {
    this.path = path
    this.#parse = parse
    this.#files = files
  }

  /** Whether the file was there when it was looked at last. */
  get isPresent(): boolean {
    return this.#signature !== undefined
  }

  /** Content of the file as of the last {@link refresh}; undefined where there is none. */
  get content(): Content | undefined {
    return this.#content
  }

  /**
   * Looks whether the file changed, and reads it if so. After an error the next call tries again.
   * @throws DltError `CONFIGURATION` for a file that cannot be read, for a directory in its place, and what parsing throws
   */
  refresh(): void {
    const stats = this.#stats()
    if (stats?.isDirectory() === true) throw directoryInPlace(this.path)
    const signature = stats?.isFile() === true ? `${stats.mtimeNs}/${stats.size}/${stats.ino}` : undefined
    if (signature === this.#signature) return
    this.#content = undefined
    this.#signature = undefined
    if (signature !== undefined) this.#content = this.#parse(this.#read(), this.path)
    this.#signature = signature
  }

  #stats(): BigIntStats | undefined {
    try {
      return this.#files.stat(this.path)
    } catch (error) {
      // A path through a file, or a folder without permission: nothing is there for us.
      const code = systemCode(error)
      if (code === 'ENOTDIR' || code === 'EACCES') return undefined
      throw unreadableFile(this.path, error)
    }
  }

  #read(): string {
    try {
      return this.#files.read(this.path)
    } catch (error) {
      throw unreadableFile(this.path, error)
    }
  }
}

// Container platforms make a directory where a file that they are to mount is missing.
function directoryInPlace(path: string): DltError {
  return new DltError(
    `"${path}" is a directory, and must be a file. Remove it, or mount the file that belongs there.`,
    {
      code: 'CONFIGURATION',
      context: { file: path },
    },
  )
}
