import { availableParallelism } from 'node:os'
import type { DestinationCapabilities } from '@dlt/destination'
import type { FileFormatChoice } from '@dlt/file-formats'
import {
  type CompletedPlan,
  completePlan,
  type NameCollision,
  type NormalizationPlan,
  type PageRejection,
} from '@dlt/normalize-json'
import { rejectedTable, type Schema, schemaNaming, updateTable } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import type { PackageWriter } from '../packages/package-writer.ts'
import { cutSeries, type SeriesDecision, type SeriesPart } from './cut-series.ts'
import type { PackageHeadStart } from './head-start/package-head-start.ts'
import { inProcessRunner } from './in-process-runner.ts'
import { longestIdentifier } from './longest-identifier.ts'
import type { NormalizedRows } from './normalize-info.ts'
import type { PageFile, TaskRunner, WrittenPages } from './normalize-task.ts'
import { countRows, type PageSeries, readPageSeries } from './page-series.ts'
import { countRejections, refuseFrozen } from './rejections.ts'
import { screenSeries } from './screen-series.ts'
import { settleAll } from './settle-all.ts'
import { smallPackageBytes } from './small-package-bytes.ts'
import { fileFormats, tableFormats } from './table-formats.ts'
import { createWorkerPool } from './worker-pool.ts'

/** What is normalized, and for whom. */
export interface NormalizePackageInput {
  /** Files of the extracted package, in order. */
  readonly files: readonly ManifestFile[]
  /** Full path of a file of the extracted package. */
  readonly pathOf: (file: ManifestFile) => string
  /** The schema that extract resulted in. */
  readonly schema: Schema
  readonly capabilities: DestinationCapabilities
  /** Takes the files of rows; the caller commits them. */
  readonly writer: PackageWriter
  /** Folder for intermediate files; the caller removes it. */
  readonly scratchDirectory: string
  /** Whether stored columns get wider types, where the destination can alter them. Default: true. */
  readonly promotes?: boolean
  /** Whether what contracts discard is kept in a table of its own. Default: false. */
  readonly quarantines?: boolean
  /** Worker threads for packages that are not small. Default: one for each processor. */
  readonly workers?: number
  /** Bytes of extracted files up to which a package counts as small and is normalized in this thread. Default: 4 MiB. */
  readonly smallPackageBytes?: number
  /** What was begun of the package while it was extracted; it is ended here. Default: nothing was. */
  readonly headStart?: PackageHeadStart
}

/** What normalizing a package resulted in. */
export interface NormalizedPackage extends NormalizedRows {
  /** The schema with everything that the package's rows brought. Its version is not counted up. */
  readonly schema: Schema
}

/**
 * Turns the pages of an extracted package into files of typed rows and evolves the schema. The result does not depend on
 * the number of workers or on how documents were cut into pages.
 *
 * @throws DltError `DATA` for a line that is not JSON or a value that no column can take, `PACKAGE` for damaged files
 * @throws DataValidationError for what a contract freezes
 */
export async function normalizePackage(input: NormalizePackageInput): Promise<NormalizedPackage> {
  const bytes = input.files.reduce((sum, file) => sum + file.bytes, 0)
  const threads =
    bytes <= (input.smallPackageBytes ?? smallPackageBytes) ? 0 : (input.workers ?? availableParallelism())
  await using runner = await runnerFor(threads, input.headStart)
  // Awaited here: the workers are ended when this function returns.
  return await new PackageNormalizer(input, runner, Math.max(threads, 1)).run()
}

async function runnerFor(threads: number, headStart: PackageHeadStart | undefined): Promise<TaskRunner> {
  if (threads === 0) return inProcessRunner
  return headStart?.runner() ?? createWorkerPool(threads)
}

class PackageNormalizer {
  readonly #input: NormalizePackageInput
  readonly #runner: TaskRunner
  readonly #threads: number
  readonly #rowCounts = new Map<string, number>()
  readonly #formats = new Map<string, string>()
  readonly #collisions: NameCollision[] = []
  readonly #warnings: string[] = []
  readonly #rejections: PageRejection[] = []
  readonly #quarantined: PageFile[] = []

  constructor(input: NormalizePackageInput, runner: TaskRunner, threads: number) {
    this.#input = input
    this.#runner = runner
    this.#threads = threads
  }

  async run(): Promise<NormalizedPackage> {
    const maxIdentifierLength = longestIdentifier(this.#input.capabilities)
    const series = await readPageSeries({ ...this.#input, maxIdentifierLength }, this.#runner)
    const rowCount = series.reduce((sum, { pages }) => sum + countRows(pages), 0)
    let schema = this.#input.schema
    // One root table after another: what a table's rows add to the schema counts for the tables after it.
    for (const one of series) schema = await this.#normalizeSeries(schema, one, rowCount)
    if (this.#quarantined.length > 0) schema = await this.#normalizeQuarantined(schema)
    await this.#input.headStart?.settled()
    return {
      schema,
      rowCounts: this.#rowCounts,
      formats: this.#formats,
      collisions: this.#collisions,
      warnings: this.#warnings,
      rejected: countRejections(this.#rejections),
    }
  }

  async #normalizeSeries(schema: Schema, series: PageSeries, rowCount: number): Promise<Schema> {
    const { capabilities, scratchDirectory, writer, headStart, quarantines = false, promotes = true } = this.#input
    const { plan, pages, rejections, quarantined } = await screenSeries({
      schema,
      rootTable: series.tableName,
      capabilities,
      pages: series.pages,
      runner: this.#runner,
      threads: this.#threads,
      scratchDirectory,
      quarantines,
      promotes: promotes && capabilities.ddl.altersColumnTypes === true,
      ...(series.refusedBy !== undefined && { refusedRoot: series.refusedBy }),
    })
    const choices = tableFormats(capabilities, plan, rowCount)
    this.#noteFormats(choices)
    const decision = { plan, formats: fileFormats(choices) }
    // The head start keeps nothing of what contracts discard.
    const early = quarantines ? [] : (headStart?.writtenOf(series.tableName) ?? [])
    const parts = cutSeries(pages, early, decision, this.#threads)
    const written = await settleAll(parts.map((part) => this.#writePart(part, decision)))
    const findings = written.flatMap((part) => part.findings)
    const rejected = findings.flatMap((page) => page.rejections)
    refuseFrozen(schema.name, rejected, columnOrder(plan))
    this.#rejections.push(...rejections, ...rejected)
    this.#quarantined.push(...quarantined, ...written.flatMap((part) => part.quarantined))
    const completed = completePlan(plan, findings, schema)
    this.#report(completed)
    for (const file of written.flatMap(({ files }) => files)) writer.addFile(file)
    return completed.schema
  }

  /** The rows that were kept go into their table last, as one more root table of the package. */
  async #normalizeQuarantined(schema: Schema): Promise<Schema> {
    const table = rejectedTable(schemaNaming(schema))
    const pages = this.#quarantined
    const rows = countRows(pages)
    return this.#normalizeSeries(updateTable(schema, table).schema, { tableName: table.name, pages }, rows)
  }

  async #writePart({ pages, early }: SeriesPart, decision: SeriesDecision): Promise<WrittenPages> {
    // What failed in the head start is tried again, so that an error is the same with and without one.
    return early === undefined
      ? this.#write(pages, decision)
      : early.written.result.catch(() => this.#write(pages, decision))
  }

  #write(pages: readonly PageFile[], decision: SeriesDecision): Promise<WrittenPages> {
    const { writer, capabilities, quarantines, scratchDirectory } = this.#input
    const { literals } = capabilities.load
    return this.#runner.write({
      kind: 'write',
      ...decision,
      loadId: writer.loadId,
      directory: writer.directory,
      pages: pages.map(({ path }) => path),
      ...(literals === undefined ? {} : { literals }),
      ...(quarantines === true && { quarantineDirectory: scratchDirectory }),
    })
  }

  #noteFormats(choices: ReadonlyMap<string, FileFormatChoice>): void {
    for (const [table, { reason }] of choices) this.#formats.set(table, reason)
  }

  #report(completed: CompletedPlan): void {
    for (const [table, rows] of completed.rowCounts) {
      this.#rowCounts.set(table, (this.#rowCounts.get(table) ?? 0) + rows)
    }
    this.#collisions.push(...completed.collisions)
    this.#warnings.push(...completed.warnings.map(({ message }) => message))
  }
}

/** Columns in the order of their fields. */
function columnOrder({ tables }: NormalizationPlan): (rejection: PageRejection) => number {
  return ({ table, column }) =>
    [...(tables[table]?.fields.values() ?? [])].findIndex((field) => field.column.name === column)
}
