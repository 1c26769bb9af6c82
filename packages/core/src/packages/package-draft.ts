import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Schema, schemaToJson } from '@dlt/schema'
import { syncTree, writeNewFile } from './durable-files.ts'
import type { ManifestFile } from './manifest.ts'
import { packageFileName } from './package-file-name.ts'
import { manifestName, type PackageManifest } from './package-manifest.ts'
import type { PackageWriter } from './package-writer.ts'

/** A load package that a step is writing. Nothing of it counts before its group is committed. */
export class PackageDraft implements PackageWriter {
  readonly loadId: string
  readonly directory: string
  readonly #files: ManifestFile[] = []

  private constructor(loadId: string, directory: string) {
    this.loadId = loadId
    this.directory = directory
  }

  /** Makes the directory of a package within its group. */
  static async create(groupDirectory: string, loadId: string): Promise<PackageDraft> {
    const directory = join(groupDirectory, loadId)
    await mkdir(directory, { recursive: true })
    return new PackageDraft(loadId, directory)
  }

  /** Whether no file was added. */
  get isEmpty(): boolean {
    return this.#files.length === 0
  }

  reserveFile(tableName: string, extension: string): { readonly name: string; readonly path: string } {
    const name = packageFileName(tableName, extension)
    return { name, path: join(this.directory, name) }
  }

  addFile(file: ManifestFile): void {
    this.#files.push(file)
  }

  /** Writes the schema and the manifest and brings all files to disk; after it, the package can be committed. */
  async seal(schema: Schema, replacedTables: readonly string[] = []): Promise<void> {
    const files = this.#files
    const manifest: PackageManifest = { format: 1, loadId: this.loadId, schemaName: schema.name, replacedTables, files }
    await writeNewFile(join(this.directory, 'schema.json'), schemaToJson(schema))
    await writeNewFile(join(this.directory, manifestName), JSON.stringify(manifest))
    await syncTree(
      this.directory,
      files.map(({ name }) => name),
    )
  }
}
