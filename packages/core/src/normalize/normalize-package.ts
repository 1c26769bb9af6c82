import { availableParallelism } from 'node:os'
import type { DestinationCapabilities, FileFormat } from '@dlt/destination'
import { chooseFileFormat } from '@dlt/file-formats'
import {
  type CompletedPlan,
  completePlan,
  type NameCollision,
  type NormalizationPlan,
  type PageRejection,
} from '@dlt/normalize-json'
import { type DataType, rejectedTable, type Schema, schemaNaming, updateTable } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import type { PackageWriter } from '../packages/package-writer.ts'
import { inProcessRunner } from './in-process-runner.ts'
import type { PageFile, TaskRunner, WrittenPages } from './normalize-task.ts'
import { type PageSeries, readPageSeries } from './page-series.ts'
import { countRejections, type RejectedData, refuseFrozen } from './rejected-data.ts'
import { screenSeries } from './screen-series.ts'
import { settleAll } from './settle-all.ts'
import { splitTasks } from './split-tasks.ts'
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
}

/** What normalizing a package resulted in. */
export interface NormalizedPackage {
  /** The schema with everything that the package's rows brought. Its version is not counted up. */
  readonly schema: Schema
  /** Rows by table. */
  readonly rowCounts: ReadonlyMap<string, number>
  /** How files were written, and why: a sentence by table. */
  readonly formats: ReadonlyMap<string, string>
  readonly collisions: readonly NameCollision[]
  /** Things the user should know of, as sentences. */
  readonly warnings: readonly string[]
  /** What contracts discarded. */
  readonly rejected: readonly RejectedData[]
}

const defaultSmallPackageBytes = 4 * 1024 * 1024

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
    bytes <= (input.smallPackageBytes ?? defaultSmallPackageBytes) ? 0 : (input.workers ?? availableParallelism())
  await using runner = threads === 0 ? inProcessRunner : await createWorkerPool(threads)
  // Awaited here: the workers are ended when this function returns.
  return await new PackageNormalizer(input, runner, Math.max(threads, 1)).run()
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
    const { identifiers } = this.#input.capabilities
    const maxIdentifierLength = Math.min(identifiers.maxLength, identifiers.maxColumnLength ?? identifiers.maxLength)
    const series = await readPageSeries({ ...this.#input, maxIdentifierLength }, this.#runner)
    const rowCount = series.reduce((sum, { pages }) => sum + countRows(pages), 0)
    let schema = this.#input.schema
    // One root table after another: what a table's rows add to the schema counts for the tables after it.
    for (const one of series) schema = await this.#normalizeSeries(schema, one, rowCount)
    if (this.#quarantined.length > 0) schema = await this.#normalizeQuarantined(schema)
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
    const { capabilities, scratchDirectory, quarantines = false, promotes = true } = this.#input
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
    const written = await this.#write(plan, pages, this.#chooseFormats(plan, rowCount))
    const findings = written.flatMap((part) => part.findings)
    const rejected = findings.flatMap((page) => page.rejections)
    refuseFrozen(schema.name, rejected, columnOrder(plan))
    this.#rejections.push(...rejections, ...rejected)
    this.#quarantined.push(...quarantined, ...written.flatMap((part) => part.quarantined))
    const completed = completePlan(plan, findings, schema)
    this.#report(completed)
    for (const file of written.flatMap(({ files }) => files)) this.#input.writer.addFile(file)
    return completed.schema
  }

  /** The rows that were kept go into their table last, as one more root table of the package. */
  async #normalizeQuarantined(schema: Schema): Promise<Schema> {
    const table = rejectedTable(schemaNaming(schema))
    const pages = this.#quarantined
    const rows = countRows(pages)
    return this.#normalizeSeries(updateTable(schema, table).schema, { tableName: table.name, pages }, rows)
  }

  #write(
    plan: NormalizationPlan,
    pages: PageSeries['pages'],
    formats: ReadonlyMap<string, FileFormat>,
  ): Promise<readonly WrittenPages[]> {
    const { writer, capabilities, quarantines, scratchDirectory } = this.#input
    const { literals } = capabilities.load
    const task = { kind: 'write', plan, formats, loadId: writer.loadId, directory: writer.directory } as const
    return settleAll(
      splitTasks(pages, this.#threads).map((part) =>
        this.#runner.write({
          ...task,
          pages: part.map(({ path }) => path),
          ...(literals === undefined ? {} : { literals }),
          ...(quarantines === true && { quarantineDirectory: scratchDirectory }),
        }),
      ),
    )
  }

  #chooseFormats(plan: NormalizationPlan, rowCount: number): ReadonlyMap<string, FileFormat> {
    return new Map(
      plan.tables.map((table) => {
        const choice = chooseFileFormat(this.#input.capabilities, { rowCount, columnTypes: columnTypes(table) })
        this.#formats.set(table.name, choice.reason)
        return [table.name, choice.format]
      }),
    )
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

function countRows(pages: PageSeries['pages']): number {
  return pages.reduce((sum, { summary }) => sum + summary.tables.reduce((rows, table) => rows + table.rowCount, 0), 0)
}

function columnTypes(table: NormalizationPlan['tables'][number]): ReadonlySet<DataType> {
  const rules = [...table.fields.values()].flatMap(({ kinds }) =>
    [...kinds.values()].flatMap(({ rule, variant }) =>
      variant === undefined ? [rule.to] : [rule.to, variant.rule.to],
    ),
  )
  return new Set(rules)
}
