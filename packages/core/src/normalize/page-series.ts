import type { ContractMode, NameLimit, Schema } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
import type { PackageHeadStart } from './head-start/package-head-start.ts'
import type { PageFile, TaskRunner } from './normalize-task.ts'
import { readPageHeader } from './read-page-header.ts'
import { settleAll } from './settle-all.ts'

/** All pages of one root table, in file order. */
export interface PageSeries {
  readonly tableName: string
  readonly pages: readonly PageFile[]
  /** The mode of the contract that kept the table out of the schema; absent where it is in. */
  readonly refusedBy?: ContractMode
}

/** Where pages come from. */
export interface SeriesInput {
  /** Files of the extracted package, in order. */
  readonly files: readonly ManifestFile[]
  /** Full path of a file of the extracted package. */
  readonly pathOf: (file: ManifestFile) => string
  readonly schema: Schema
  readonly maxIdentifierLength: NameLimit
  readonly scratchDirectory: string
  /** What was begun of the package while it was extracted. */
  readonly headStart?: PackageHeadStart
}

/** Reads the headers of all pages, and takes text apart into pages first. */
export async function readPageSeries(input: SeriesInput, runner: TaskRunner): Promise<readonly PageSeries[]> {
  const files = await settleAll(input.files.map((file) => readPages(file, input, runner)))
  const series = new Map<string, PageFile[]>()
  const refusals = new Map<string, ContractMode>()
  input.files.forEach(({ tableName, refusedBy }, position) => {
    const pages = series.get(tableName) ?? []
    pages.push(...(files[position] ?? []))
    series.set(tableName, pages)
    if (refusedBy !== undefined) refusals.set(tableName, refusedBy)
  })
  return [...series].map(([tableName, pages]) => {
    const refusedBy = refusals.get(tableName)
    return { tableName, pages, ...(refusedBy !== undefined && { refusedBy }) }
  })
}

/** Rows of some pages, of all tables together. */
export function countRows(pages: readonly PageFile[]): number {
  return pages.reduce((sum, { summary }) => sum + summary.tables.reduce((rows, table) => rows + table.rowCount, 0), 0)
}

/** What failed in the head start is tried again, so that an error is the same with and without one. */
async function readPages(file: ManifestFile, input: SeriesInput, runner: TaskRunner): Promise<readonly PageFile[]> {
  const early = input.headStart?.pagesOf(file, input.schema)
  return early === undefined ? readFile(file, input, runner) : early.catch(() => readFile(file, input, runner))
}

async function readFile(file: ManifestFile, input: SeriesInput, runner: TaskRunner): Promise<readonly PageFile[]> {
  const path = input.pathOf(file)
  if (file.kind !== 'json_lines') return [{ path, bytes: file.bytes, summary: await readPageHeader(path) }]
  const { schema, maxIdentifierLength, scratchDirectory } = input
  const source = file.source ?? { file: path, firstLine: 1 }
  const { tableName } = file
  return runner.shred({ kind: 'shred', path, source, tableName, schema, maxIdentifierLength, scratchDirectory })
}
