import type { FileFormat, LiteralStyle } from '@dlt/destination'
import type { NormalizationPlan, PageFindings, PageRejection, PageSummary } from '@dlt/normalize-json'
import type { NameLimit, Schema } from '@dlt/schema'
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
  readonly maxIdentifierLength: NameLimit
  /** Folder for the pages; it goes when the package is normalized. */
  readonly scratchDirectory: string
}

/** A page on disk and what its header says. */
export interface PageFile {
  readonly path: string
  readonly bytes: number
  readonly summary: PageSummary
}

/** Work on pages that may hold rows which contracts discard: take those out. Plain data. */
export interface SieveTask {
  readonly kind: 'sieve'
  /** Consecutive pages of one root table. */
  readonly pages: readonly PageFile[]
  readonly plan: NormalizationPlan
  /** Positions in the plan of the tables whose rows are judged. */
  readonly tables: ReadonlySet<number>
  /** Folder for the pages without those rows; it goes when the package is normalized. */
  readonly scratchDirectory: string
  /** Whether rows that are discarded are kept as documents. */
  readonly quarantines: boolean
}

/** What a {@link SieveTask} left, in order. */
export interface SievedPages {
  /** Pages with rows: the given ones where nothing was taken out. */
  readonly pages: readonly PageFile[]
  readonly rejections: readonly PageRejection[]
  /** The rows that were taken out, as pages of documents; none where nobody wants them. */
  readonly quarantined: readonly PageFile[]
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
  /** Folder for pages of documents whose values contracts discard; absent where nobody wants them. */
  readonly quarantineDirectory?: string
}

/** The files that a {@link WriteTask} made, and what was found in each page, in order. */
export interface WrittenPages {
  readonly files: readonly ManifestFile[]
  readonly findings: readonly PageFindings[]
  /** Rows that values were discarded of, or whose table is, as pages of documents. */
  readonly quarantined: readonly PageFile[]
}

/** Does the work of normalize, in this thread or in others. */
export interface TaskRunner extends AsyncDisposable {
  shred(task: ShredTask): Promise<readonly PageFile[]>
  sieve(task: SieveTask): Promise<SievedPages>
  write(task: WriteTask): Promise<WrittenPages>
}
