import { type BigIntStats, readFileSync, statSync } from 'node:fs'

/** Reads and looks at files; replaced in tests that count. */
export interface FileAccess {
  stat(path: string): BigIntStats | undefined
  read(path: string): string
}

/** The files of this machine. */
export const localFiles: FileAccess = {
  stat: (path) => statSync(path, { bigint: true, throwIfNoEntry: false }),
  read: (path) => readFileSync(path, 'utf8'),
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

  /** Looks whether the file changed, and reads it if so. Errors of reading and parsing are thrown, and the next call tries again. */
  refresh(): void {
    const stats = this.#stats()
    const signature = stats?.isFile() === true ? `${stats.mtimeNs}/${stats.size}/${stats.ino}` : undefined
    if (signature === this.#signature) return
    this.#content = undefined
    this.#signature = undefined
    if (signature !== undefined) this.#content = this.#parse(this.#files.read(this.path), this.path)
    this.#signature = signature
  }

  #stats(): BigIntStats | undefined {
    try {
      return this.#files.stat(this.path)
    } catch (error) {
      // A path through a file, or a folder without permission: nothing is there for us.
      if (error instanceof Error && 'code' in error && (error.code === 'ENOTDIR' || error.code === 'EACCES'))
        return undefined
      throw error
    }
  }
}
