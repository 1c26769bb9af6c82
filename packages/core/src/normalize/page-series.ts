import type { ContractMode, Schema } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'
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
  readonly maxIdentifierLength: number
  readonly scratchDirectory: string
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

async function readPages(file: ManifestFile, input: SeriesInput, runner: TaskRunner): Promise<readonly PageFile[]> {
  const path = input.pathOf(file)
  if (file.kind !== 'json_lines') return [{ path, bytes: file.bytes, summary: await readPageHeader(path) }]
  const { schema, maxIdentifierLength, scratchDirectory } = input
  const source = file.source ?? { file: path, firstLine: 1 }
  const { tableName } = file
  return runner.shred({ kind: 'shred', path, source, tableName, schema, maxIdentifierLength, scratchDirectory })
}
