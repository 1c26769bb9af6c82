import type { RejectedData } from '../items/rejected-data.ts'

/** What one resource gave to one table. */
export interface TableMetrics {
  readonly tableName: string
  readonly rows: number
  /** Bytes in the package's files. */
  readonly bytes: number
  readonly files: number
}

/** What was read from one resource. */
export interface ResourceMetrics {
  readonly resourceName: string
  readonly rows: number
  readonly bytes: number
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly tables: readonly TableMetrics[]
  /** Items and values that did not fit the schema of the resource and that its contract discarded; absent where there were none. */
  readonly rejected?: readonly RejectedData[]
  /** What steps made with `addMetrics` and code with `dlt.current.resourceMetrics()` counted; absent where nothing was. */
  readonly custom?: Readonly<Record<string, unknown>>
}

/** What was extracted from one source. */
export interface ExtractMetrics {
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly rows: number
  readonly bytes: number
  readonly resources: readonly ResourceMetrics[]
}

/** Adds up tables to what a resource gave. */
export function resourceMetrics(of: Omit<ResourceMetrics, 'rows' | 'bytes'>): ResourceMetrics {
  const { resourceName, ...rest } = of
  return { resourceName, ...totals(of.tables), ...rest }
}

/** Adds up resources to what a source gave. */
export function extractMetrics(startedAt: Date, resources: readonly ResourceMetrics[]): ExtractMetrics {
  return { startedAt, finishedAt: new Date(), ...totals(resources), resources }
}

function totals(parts: readonly { readonly rows: number; readonly bytes: number }[]): { rows: number; bytes: number } {
  return {
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  }
}
