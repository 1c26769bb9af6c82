import { mkdir } from 'node:fs/promises'
import type { Schema } from '@dlt/schema'
import type { ManifestFile } from '../../packages/manifest.ts'
import type { PageFile, TaskRunner } from '../normalize-task.ts'
import { type EarlyFiles, type EarlyPackage, TableHeadStart } from './table-head-start.ts'

/** Works on the closed files of a package while more are being extracted, once there are enough of them for threads. */
export class PackageHeadStart {
  readonly #package: EarlyPackage
  readonly #smallPackageBytes: number
  readonly #tables = new Map<string, TableHeadStart>()
  readonly #early: { readonly file: ManifestFile; readonly path: string; readonly schema: Schema }[] = []
  readonly #runner: () => Promise<TaskRunner>
  #bytes = 0
  #line: Promise<void> | undefined

  /**
   * @param smallPackageBytes bytes of files up to which nothing is begun
   * @param runner does the tasks, also those that are left for when the package is normalized
   */
  constructor(of: EarlyPackage, smallPackageBytes: number, runner: () => Promise<TaskRunner>) {
    this.#package = of
    this.#smallPackageBytes = smallPackageBytes
    this.#runner = runner
  }

  /** Whether there are folders of it. */
  get isBegun(): boolean {
    return this.#line !== undefined
  }

  /** What does the tasks. It goes on when the package is normalized: others may need it. */
  async runner(): Promise<TaskRunner> {
    return { ...(await this.#runner()), [Symbol.asyncDispose]: async () => undefined }
  }

  /** Takes the next file that extract has closed, with the schema as it is by then. */
  add(file: ManifestFile, path: string, schema: Schema): void {
    this.#bytes += file.bytes
    this.#early.push({ file, path, schema })
    if (this.#bytes <= this.#smallPackageBytes) return
    this.#line = (this.#line ?? this.#prepare()).then(() => this.#takeAll())
    // Without its folders there is no head start.
    this.#line.catch(() => undefined)
  }

  /** The pages of a file, where they are known, or being made, as the schema asks for. */
  pagesOf(file: ManifestFile, schema: Schema): Promise<readonly PageFile[]> | undefined {
    return this.#tables.get(file.tableName)?.pagesOf(file, schema)
  }

  /** Files of rows of a root table that are written or being written, in order. */
  writtenOf(tableName: string): readonly EarlyFiles[] {
    return this.#tables.get(tableName)?.written ?? []
  }

  /** Waits for what has begun. */
  async settled(): Promise<void> {
    await this.#line?.catch(() => undefined)
    await Promise.all([...this.#tables.values()].map((table) => table.settled()))
  }

  async #prepare(): Promise<void> {
    await mkdir(this.#package.directory, { recursive: true })
    await mkdir(this.#package.scratchDirectory, { recursive: true })
  }

  #takeAll(): void {
    for (const { file, path, schema } of this.#early.splice(0)) {
      const table = this.#tables.get(file.tableName) ?? new TableHeadStart(file.tableName, this.#package)
      this.#tables.set(file.tableName, table)
      table.add(file, path, schema)
    }
  }
}
