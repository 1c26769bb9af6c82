import type { FileFormat, LiteralStyle } from '@dlt/destination'
import type { NormalizationPlan, PageFindings, PageSummary } from '@dlt/normalize-json'
import type { Schema } from '@dlt/schema'
import type { ManifestFile } from '../packages/manifest.ts'

/** Work on JSON text that extract passed through: take its documents apart into pages. Plain data. */
export interface ShredTask {
  readonly kind: 'shred'
  /** The file with lines of JSON. */
  readonly path: string
  /** Where the text came from, for errors. */
  readonly source: { readonly file: string; readonly firstLine: number }
  readonly tableName: string
  readonly schema: Schema
  readonly maxIdentifierLength: number
  /** Folder for the pages; it goes when the package is normalized. */
  readonly scratchDirectory: string
}

/** A page on disk and what its header says. */
export interface PageFile {
  readonly path: string
  readonly bytes: number
  readonly summary: PageSummary
}

/** Work on decided pages: turn them into files of rows. Plain data. */
export interface WriteTask {
  readonly kind: 'write'
  /** Paths of consecutive pages of one root table. */
  readonly pages: readonly string[]
  readonly plan: NormalizationPlan
  readonly loadId: string
  /** Folder of the normalized package. */
  readonly directory: string
  /** Format by table name. */
  readonly formats: ReadonlyMap<string, FileFormat>
  readonly literals?: LiteralStyle
}

/** The files that a {@link WriteTask} made, and what was found in each page, in order. */
export interface WrittenPages {
  readonly files: readonly ManifestFile[]
  readonly findings: readonly PageFindings[]
}

/** Does the work of normalize, in this thread or in others. */
export interface TaskRunner extends AsyncDisposable {
  shred(task: ShredTask): Promise<readonly PageFile[]>
  write(task: WriteTask): Promise<WrittenPages>
}
