import type { NameCollision } from '@dlt/normalize-json'
import type { RejectedData } from '../items/rejected-data.ts'

/** What became of the rows of a package when it was normalized. */
export interface NormalizedRows {
  /** Rows by table. */
  readonly rowCounts: ReadonlyMap<string, number>
  /** How files of rows were written, and why: a sentence by table. */
  readonly formats: ReadonlyMap<string, string>
  /** Source paths that met in one name, and the names they got. */
  readonly collisions: readonly NameCollision[]
  /** Things to know of, as sentences. */
  readonly warnings: readonly string[]
  /** What schema contracts discarded, by table and column; empty where nothing was. */
  readonly rejected: readonly RejectedData[]
}

/** What normalizing one package resulted in. */
export interface NormalizedPackageInfo extends NormalizedRows {
  readonly loadId: string
  readonly schemaName: string
  readonly schemaHash: string
}

/** What `normalize` did. */
export interface NormalizeInfo {
  readonly pipelineName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  /** The packages that were normalized, in the order in which they are loaded. */
  readonly packages: readonly NormalizedPackageInfo[]
}
