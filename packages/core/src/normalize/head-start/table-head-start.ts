import { link } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DestinationCapabilities, FileFormat } from '@dlt/destination'
import { coversPage, type NormalizationPlan, planNormalization } from '@dlt/normalize-json'
import type { NameLimit, Schema } from '@dlt/schema'
import { sameShredding } from '../../hints/shredder-options.ts'
import type { ManifestFile } from '../../packages/manifest.ts'
import type { PageFile, WrittenPages } from '../normalize-task.ts'
import { countRows } from '../page-series.ts'
import { readPageHeader } from '../read-page-header.ts'
import { fileFormats, tableFormats } from '../table-formats.ts'
import type { QueuedTask, TaskQueue } from './task-queue.ts'

/** Files of rows that were made of some pages before all pages of the package were known. */
export interface EarlyFiles {
  /** Consecutive pages of the table. */
  readonly pages: readonly PageFile[]
  /** Position of the first of them. */
  readonly position: number
  /** What was decided by the pages until then. */
  readonly plan: NormalizationPlan
  readonly formats: ReadonlyMap<string, FileFormat>
  readonly written: QueuedTask<WrittenPages>
}

/** What early work on one package shares. */
export interface EarlyPackage {
  readonly queue: TaskQueue
  readonly capabilities: DestinationCapabilities
  readonly loadId: string
  /** Folder of the normalized package. */
  readonly directory: string
  /** Folder for what is only needed until the package is normalized. */
  readonly scratchDirectory: string
  readonly maxIdentifierLength: NameLimit
  /** Bytes of pages that make a task. */
  readonly taskBytes: number
  /** Rows of the package that are known of, of all tables together. */
  rowCount: number
}

interface EarlyFile {
  readonly schema: Schema
  readonly pages: Promise<readonly PageFile[]>
  readonly isStarted: () => boolean
}

/**
 * Works on the closed files of one root table while more are being extracted: takes text apart, and writes files of rows by what the
 * pages so far say. What fails here is done again when the package is normalized, and fails there with everything known.
 */
export class TableHeadStart {
  readonly #tableName: string
  readonly #package: EarlyPackage
  readonly #files = new Map<string, EarlyFile>()
  readonly #pages: PageFile[] = []
  readonly #waiting: PageFile[] = []
  readonly #written: EarlyFiles[] = []
  #line: Promise<void> = Promise.resolve()
  #isRefused = false
  #plan: { readonly plan: NormalizationPlan; readonly schema: Schema } | undefined

  constructor(tableName: string, of: EarlyPackage) {
    this.#tableName = tableName
    this.#package = of
  }

  /** Takes the next file. */
  add(file: ManifestFile, path: string, schema: Schema): void {
    const early = file.kind === 'json_lines' ? this.#shred(file, path, schema) : this.#header(file, path, schema)
    this.#files.set(file.name, early)
    // What a contract refuses is not written.
    if (file.refusedBy !== undefined) this.#isRefused = true
    early.pages.catch(() => undefined)
    // A file that cannot be had ends the line: those after it would not be consecutive.
    this.#line = this.#line.then(async () => this.#take(await early.pages, schema))
    this.#line.catch(() => undefined)
  }

  /** The pages of a file, where they are known, or being made, as the schema asks for. */
  pagesOf({ name }: ManifestFile, schema: Schema): Promise<readonly PageFile[]> | undefined {
    const early = this.#files.get(name)
    return early?.isStarted() === true && sameShredding(early.schema, schema, this.#tableName) ? early.pages : undefined
  }

  /** Files of rows that are written or being written, in order. */
  get written(): readonly EarlyFiles[] {
    return this.#written.filter(({ written }) => written.isStarted)
  }

  /** Waits for what has begun. */
  async settled(): Promise<void> {
    await this.#line.catch(() => undefined)
    await Promise.allSettled(this.#written.map(({ written }) => written.result))
  }

  #header({ bytes }: ManifestFile, path: string, schema: Schema): EarlyFile {
    const pages = this.#linked(path).then(async (linked) => [
      { path: linked, bytes, summary: await readPageHeader(linked) },
    ])
    return { schema, pages, isStarted: () => true }
  }

  #shred(file: ManifestFile, path: string, schema: Schema): EarlyFile {
    const { queue, maxIdentifierLength, scratchDirectory } = this.#package
    const source = file.source ?? { file: path, firstLine: 1 }
    const linked = this.#linked(path)
    linked.catch(() => undefined)
    const task = queue.add(async (runner) =>
      runner.shred({
        kind: 'shred',
        path: await linked,
        source,
        tableName: this.#tableName,
        schema,
        maxIdentifierLength,
        scratchDirectory,
      }),
    )
    return { schema, pages: task.result, isStarted: () => task.isStarted }
  }

  // Extract commits by renaming the folder of its files. By a second name they are found before and after it.
  async #linked(path: string): Promise<string> {
    const linked = join(this.#package.scratchDirectory, basename(path))
    await link(path, linked)
    return linked
  }

  #take(pages: readonly PageFile[], schema: Schema): void {
    this.#pages.push(...pages)
    this.#waiting.push(...pages)
    this.#package.rowCount += countRows(pages)
    const bytes = this.#waiting.reduce((sum, page) => sum + page.bytes, 0)
    const { smallPackageRows } = this.#package.capabilities.load
    if (this.#isRefused) return
    if (bytes >= this.#package.taskBytes && this.#package.rowCount > smallPackageRows) this.#write(schema)
  }

  #write(schema: Schema): void {
    const { queue, capabilities, loadId, directory, rowCount } = this.#package
    const pages = this.#waiting.splice(0)
    const position = this.#pages.length - pages.length
    const plan = this.#planFor(pages, schema)
    const formats = fileFormats(tableFormats(capabilities, plan, rowCount))
    const { literals } = capabilities.load
    const written = queue.add((runner) =>
      runner.write({
        kind: 'write',
        plan,
        formats,
        loadId,
        directory,
        pages: pages.map(({ path }) => path),
        ...(literals !== undefined && { literals }),
      }),
    )
    this.#written.push({ pages, position, plan, formats, written })
  }

  /** The plan that was made last, as long as pages bring nothing new. */
  #planFor(pages: readonly PageFile[], schema: Schema): NormalizationPlan {
    const last = this.#plan
    if (last?.schema === schema && pages.every(({ summary }) => coversPage(last.plan, summary))) return last.plan
    const summaries = this.#pages.map(({ summary }) => summary)
    const { capabilities } = this.#package
    const plan = planNormalization({ schema, rootTable: this.#tableName, summaries, capabilities })
    this.#plan = { plan, schema }
    return plan
  }
}
