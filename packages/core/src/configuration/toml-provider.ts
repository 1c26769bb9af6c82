import { join } from 'node:path'
import { editTomlFile } from './edit-toml-file.ts'
import type { ConfigProvider, ProviderLocation } from './provider.ts'
import { mergeTables, parseToml, type TomlTable, valueAt } from './toml-document.ts'
import { type FileAccess, localFiles, WatchedFile } from './watched-file.ts'

/** How a provider of TOML files is made. */
export interface TomlProviderOptions {
  /** Name of the files, and of the provider: `secrets.toml`. */
  readonly fileName: string
  readonly supportsSecrets: boolean
  /** The folders that have such a file, the one that wins first. Asked before each resolution, for the current directory may change. */
  folders(): readonly string[]
  /** How files are read. Default: those of this machine. */
  readonly files?: FileAccess
}

/** Values from TOML files of one name in several folders, merged table by table. The files are read again when they changed. */
export class TomlProvider implements ConfigProvider {
  readonly name: string
  readonly supportsSecrets: boolean
  readonly synchronous = true
  readonly #options: TomlProviderOptions
  #files: readonly WatchedFile<TomlTable>[] = []
  #document: TomlTable = {}
  /** What the document was merged of. A file that is not valid is missing from it until it is read. */
  #merged: readonly (TomlTable | undefined)[] = []

  constructor(options: TomlProviderOptions) {
    this.name = options.fileName
    this.supportsSecrets = options.supportsSecrets
    this.#options = options
  }

  get isEmpty(): boolean {
    return Object.keys(this.#document).length === 0
  }

  get locations(): readonly ProviderLocation[] {
    return this.#files.map(({ path, isPresent }) => ({ path, present: isPresent }))
  }

  /** @throws DltError `CONFIGURATION` with file, line and column where a file is not valid */
  refresh(): void {
    const { fileName, files = localFiles } = this.#options
    const paths = [...new Set(this.#options.folders().map((folder) => join(folder, fileName)))]
    const known = new Map(this.#files.map((file) => [file.path, file]))
    this.#files = paths.map((path) => known.get(path) ?? new WatchedFile(path, (text) => parseToml(text, path), files))
    for (const file of this.#files) file.refresh()
    const contents = this.#files.map(({ content }) => content)
    const merged = this.#merged
    if (contents.length === merged.length && contents.every((content, index) => content === merged[index])) return
    this.#merged = contents
    this.#document = contents.reduceRight<TomlTable>((under, over) => mergeTables(under, over ?? {}), {})
  }

  get(path: readonly string[]): unknown {
    return valueAt(this.#document, path)
  }

  keyOf(path: readonly string[]): string {
    return path.join('.')
  }

  locationOf(path: readonly string[]): string | undefined {
    return this.#files.find(({ content }) => content !== undefined && valueAt(content, path) !== undefined)?.path
  }

  /** Writes into the project's file, which is made where it is missing. */
  set(path: readonly string[], value: unknown): void {
    this.refresh()
    const [project] = this.#files
    if (project === undefined) return
    editTomlFile(project.path, path, value, { confidential: this.supportsSecrets })
    this.refresh()
  }
}
