import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DestinationCapabilities } from '@dlt/destination'
import { sampleCapabilities } from '@dlt/destination/testing'
import { createSchema, type Schema } from '@dlt/schema'
import type { Resource } from '../../../src/declare/resource.ts'
import { extractSource } from '../../../src/extract/extract-source.ts'
import { HeadStart } from '../../../src/normalize/head-start/head-start.ts'
import { inProcessRunner } from '../../../src/normalize/in-process-runner.ts'
import { type NormalizedPackage, normalizePackage } from '../../../src/normalize/normalize-package.ts'
import type { ManifestFile } from '../../../src/packages/manifest.ts'
import { PackageDraft } from '../../../src/packages/package-draft.ts'
import { sampleSource } from '../../extract/sample-source.ts'
import { TemporaryDirectory } from '../../temporary-directory.ts'

const groupId = '1700000000.2'
const loadId = '1700000000.1'

/** No package is small: all are written in the format for many rows, and in threads. */
export const noSmallPackages: DestinationCapabilities = {
  ...sampleCapabilities,
  load: { ...sampleCapabilities.load, smallPackageRows: 0 },
}

/** How resources are extracted and normalized. */
export interface AheadOptions {
  /** Worker threads; none do the work in this one. */
  readonly threads: number
  readonly pageRows: number
  /** Bytes of pages that are normalized together before all are known. Nothing is when absent. */
  readonly taskBytes?: number
  /** The schema as text is first taken apart by. Default: the one at that time. */
  readonly earlySchema?: Schema
  /** Done before extract, with the folder of the group that is being normalized. */
  readonly before?: (group: string) => void
  /** Done between extract and normalize. */
  readonly between?: (ahead: HeadStart) => void
}

/** What became of the resources. */
export interface Outcome extends Omit<NormalizedPackage, 'rowCounts'> {
  readonly rowCounts: Readonly<Record<string, number>>
  /** By table, in order, without ids. */
  readonly rows: Readonly<Record<string, readonly unknown[]>>
  /** Names of the files that were written before extract ended, and of those that were taken. */
  readonly early: readonly string[]
  readonly taken: readonly string[]
}

/** Extracts resources and normalizes the package, with a head start where `taskBytes` is given. */
export async function extractAhead(resources: readonly Resource[], options: AheadOptions): Promise<Outcome> {
  const { threads, pageRows, taskBytes } = options
  using folder = new TemporaryDirectory()
  const stage = folder.in('normalizing')
  await using headStart = new HeadStart({
    stage,
    capabilities: noSmallPackages,
    threads: Math.max(threads, 1),
    smallPackageBytes: 0,
    ...(threads === 0 && { createRunner: async () => inProcessRunner }),
    ...(taskBytes !== undefined && { taskBytes }),
  })
  options.before?.(join(stage, groupId))
  const extracted = await PackageDraft.create(folder.in('extracting'), loadId)
  const ahead = taskBytes === undefined ? undefined : headStart.begin(groupId, loadId)
  const { schema } = await extractSource(sampleSource(createSchema('shop'), resources), extracted, {
    pageRows,
    pageBytes: 100,
    ...(ahead && {
      onFile: (file, known) => ahead.add(file, join(extracted.directory, file.name), options.earlySchema ?? known),
    }),
  })
  await ahead?.settled()
  options.between?.(headStart)
  const draft = await PackageDraft.create(join(stage, groupId), loadId)
  const early = readdirSync(draft.directory)
  const started = headStart.finish(groupId, loadId)
  const { rowCounts, ...result } = await normalizePackage({
    files: extracted.files,
    pathOf: ({ name }) => join(extracted.directory, name),
    schema,
    capabilities: noSmallPackages,
    writer: draft,
    scratchDirectory: folder.path,
    workers: threads,
    smallPackageBytes: 0,
    ...(started && { headStart: started }),
  })
  const taken = draft.files.map(({ name }) => name).filter((name) => early.includes(name))
  return { ...result, rowCounts: Object.fromEntries(rowCounts), rows: readRows(draft), early, taken }
}

function readRows({ directory, files }: PackageDraft): Record<string, unknown[]> {
  const rows: Record<string, unknown[]> = {}
  for (const file of files) {
    const { tableName } = file
    rows[tableName] = [...(rows[tableName] ?? []), ...rowsOf(directory, file)]
  }
  return rows
}

function rowsOf(directory: string, { name }: ManifestFile): readonly unknown[] {
  const lines = readFileSync(join(directory, name), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map(withoutIds)
}

function withoutIds(line: string): unknown {
  const { _dlt_id, _dlt_parent_id, _dlt_load_id, ...row } = JSON.parse(line)
  return row
}

/** The tables of a schema with their columns in order, as plain data. */
export function tablesOf(schema: Schema): unknown {
  return [...schema.tables.values()].map(({ columns, ...table }) => ({ ...table, columns: [...columns] }))
}
