import type { NameCollision } from '@dlt/normalize-json'

/** What normalizing one package resulted in. */
export interface NormalizedPackageInfo {
  readonly loadId: string
  readonly schemaName: string
  readonly schemaHash: string
  /** Rows by table. */
  readonly rowCounts: ReadonlyMap<string, number>
  /** Why files have the format they have: a sentence by table. */
  readonly formats: ReadonlyMap<string, string>
  /** Source paths that met in one name, and the names they got. */
  readonly collisions: readonly NameCollision[]
  readonly warnings: readonly string[]
}

/** What `normalize` did. */
export interface NormalizeInfo {
  readonly pipelineName: string
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly packages: readonly NormalizedPackageInfo[]
}
