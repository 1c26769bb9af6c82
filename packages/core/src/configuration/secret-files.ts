import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from './read-text.ts'
import { systemCode, unreadableFile } from './unreadable-file.ts'

/**
 * Secrets that a container platform mounts as files, `/run/secrets/sources--github--token`: one file for each secret, or a folder
 * of that name with a file of that name in it. The folder is listed once and again when it changed; a file is read when its secret
 * is asked for.
 */
export class SecretFiles {
  readonly folder: string
  #names: ReadonlySet<string> = new Set()
  #listedAt: bigint | undefined

  constructor(folder: string) {
    this.folder = folder
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }

  /** Lists the folder again if it changed. One that is not there, or that this user may not list, holds no secrets. */
  refresh(): void {
    try {
      const changedAt = statSync(this.folder, { bigint: true, throwIfNoEntry: false })?.mtimeNs
      if (changedAt === this.#listedAt) return
      this.#names = changedAt === undefined ? new Set() : new Set(readdirSync(this.folder))
      this.#listedAt = changedAt
    } catch (error) {
      if (systemCode(error) === undefined) throw error
      this.#names = new Set()
      this.#listedAt = undefined
    }
  }

  /** The file in which a secret is looked for. */
  pathOf(environmentName: string): string {
    return join(this.folder, fileName(environmentName))
  }

  /**
   * The content of a secret's file without the line break at its end, which editors add.
   *
   * @param environmentName `SOURCES__GITHUB__TOKEN`
   * @throws DltError `CONFIGURATION` for a file that cannot be read
   */
  read(environmentName: string): string | undefined {
    const name = fileName(environmentName)
    if (!this.#names.has(name)) return undefined
    const path = join(this.folder, name)
    try {
      const file = statSync(path).isDirectory() ? join(path, name) : path
      return readText(file).replace(/\r?\n$/, '')
    } catch (error) {
      // A folder without the file, or a link that leads nowhere.
      if (systemCode(error) === 'ENOENT') return undefined
      throw unreadableFile(path, error)
    }
  }
}

function fileName(environmentName: string): string {
  return environmentName.toLowerCase().replaceAll('_', '-')
}
