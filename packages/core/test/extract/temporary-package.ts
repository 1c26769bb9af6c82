import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PageSummary, readPageSummary } from '@dlt/normalize-json'
import type { ManifestFile } from '../../src/packages/manifest.ts'
import { packageFileName } from '../../src/packages/package-file-name.ts'
import type { PackageWriter } from '../../src/packages/package-writer.ts'

/** A package in a folder of its own, whose files can be looked at before any commit. */
export class TemporaryPackage implements AsyncDisposable {
  readonly files: ManifestFile[] = []
  readonly writer: PackageWriter
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
    this.writer = {
      loadId: '1700000000.1',
      directory,
      reserveFile: (tableName, extension) => {
        const name = packageFileName(tableName, extension)
        return { name, path: join(directory, name) }
      },
      addFile: (file) => this.files.push(file),
    }
  }

  static async create(): Promise<TemporaryPackage> {
    return new TemporaryPackage(await mkdtemp(join(tmpdir(), 'dlt-package-')))
  }

  bytes(file: ManifestFile): Buffer {
    return readFileSync(join(this.directory, file.name))
  }

  summary(file: ManifestFile): PageSummary {
    return readPageSummary(this.bytes(file))
  }

  /** Files as `table: rows`, in order. */
  get outline(): string[] {
    return this.files.map(({ tableName, rows }) => `${tableName}: ${rows}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true })
  }
}
