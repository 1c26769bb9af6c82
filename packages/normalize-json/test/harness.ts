import { type ColumnVector, createSchema, type Schema, type TableBatch } from '@dlt/schema'
import {
  type CompletedPlan,
  completePlan,
  createShredder,
  decodePage,
  encodePage,
  type KeepsJson,
  type NormalizationPlan,
  normalizePage,
  type Page,
  type PageRejection,
  type PlanCapabilities,
  readPageSummary,
  Screening,
  sievePage,
} from '../src/index.ts'

/** What the destinations of these tests can do. */
export const capabilities: PlanCapabilities = {
  identifiers: { maxLength: 65_536 },
  types: {
    decimal: { precision: 38, scale: 9 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 9 },
  },
}

/** How {@link normalizeDocuments} runs. */
export interface RunOptions {
  readonly schema?: Schema
  readonly tableName?: string
  /** Numbers of documents in the pages; the rest goes into one more. One page when absent. */
  readonly pageSizes?: readonly number[]
  /** In which order pages are normalized; file order when absent. */
  readonly backwards?: boolean
  readonly maxNesting?: number
  readonly capabilities?: PlanCapabilities
  readonly keepsJson?: KeepsJson
}

/** A row as a plain object: null values are left out. */
export type Row = Readonly<Record<string, unknown>>

/** What a run came to. */
export interface RunResult extends CompletedPlan {
  readonly plan: NormalizationPlan
  readonly rows: ReadonlyMap<string, readonly Row[]>
  readonly batches: readonly TableBatch[]
  /** What contracts did not let in, of all pages. */
  readonly rejections: readonly PageRejection[]
}

/** Shreds documents into pages of bytes. */
export function shredPages(documents: readonly unknown[], options: RunOptions = {}): readonly Uint8Array[] {
  const { keepsJson } = options
  const shredder = createShredder({ maxNesting: options.maxNesting ?? 1000, ...(keepsJson && { keepsJson }) })
  const pages: Uint8Array[] = []
  const sizes = [...(options.pageSizes ?? [])]
  for (const document of documents) {
    shredder.add(document)
    if (shredder.rowCount >= (sizes[0] ?? Number.POSITIVE_INFINITY)) {
      sizes.shift()
      pages.push(encodePage(shredder.takePage()))
    }
  }
  if (shredder.rowCount > 0) pages.push(encodePage(shredder.takePage()))
  return pages
}

/** Takes documents all the way: pages, plan, tables, schema. */
export function normalizeDocuments(documents: readonly unknown[], options: RunOptions = {}): RunResult {
  const schema = options.schema ?? createSchema('test')
  const { plan, pages: decoded, rejections: discarded } = screenPages(schema, shredPages(documents, options), options)
  const order = options.backwards === true ? decoded.toReversed() : decoded
  const normalized = order.map((page) => normalizePage(page, plan, { loadId: 'LOAD1' }))
  const inOrder = options.backwards === true ? normalized.toReversed() : normalized
  const completed = completePlan(
    plan,
    inOrder.map(({ findings }) => structuredClone(findings)),
    schema,
  )
  const batches = inOrder.flatMap((page) => page.batches)
  const rejections = [...discarded, ...inOrder.flatMap(({ findings }) => findings.rejections)]
  return { ...completed, plan, batches, rejections, rows: collectRows(batches) }
}

/** Takes the rows out that contracts discard, level by level. */
function screenPages(
  schema: Schema,
  encoded: readonly Uint8Array[],
  options: RunOptions,
): {
  readonly plan: NormalizationPlan
  readonly pages: readonly Page[]
  readonly rejections: readonly PageRejection[]
} {
  const screening = new Screening({
    schema,
    rootTable: options.tableName ?? 'tbl',
    capabilities: options.capabilities ?? capabilities,
  })
  const rejections: PageRejection[] = []
  let pages = encoded
  for (;;) {
    const { plan, tables } = structuredClone(screening.next(pages.map(readPageSummary)))
    if (tables.size === 0) return { plan, rejections, pages: pages.map(decodePage) }
    pages = pages.flatMap((bytes) => {
      const sieved = sievePage(decodePage(bytes), plan, tables)
      if (sieved === undefined) return [bytes]
      rejections.push(...structuredClone(sieved.rejections))
      return sieved.page === undefined ? [] : [encodePage(sieved.page)]
    })
  }
}

function collectRows(batches: readonly TableBatch[]): ReadonlyMap<string, readonly Row[]> {
  const rows = new Map<string, Row[]>()
  for (const batch of batches) rows.set(batch.tableName, [...(rows.get(batch.tableName) ?? []), ...batchRows(batch)])
  return rows
}

/** The rows of a batch. */
export function batchRows({ rowCount, columns }: TableBatch): readonly Row[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(
      columns.flatMap((vector) => {
        const value = vectorValue(vector, row)
        return value === null ? [] : [[vector.column.name, value]]
      }),
    ),
  )
}

/** One value of a column; decimals as unscaled integers. */
export function vectorValue({ data }: ColumnVector, row: number): unknown {
  const bit = (bits: Uint8Array): boolean => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
  if (data.validity !== undefined && !bit(data.validity)) return null
  switch (data.layout) {
    case 'bool':
      return bit(data.values)
    case 'utf8':
      return Buffer.from(data.values.subarray(data.offsets[row], data.offsets[row + 1])).toString('utf8')
    case 'binary':
      return data.values.slice(data.offsets[row], data.offsets[row + 1])
    case 'decimal128':
      return unscaled(data.values, row)
    default:
      return data.values[row]
  }
}

function unscaled(values: Uint8Array, row: number): bigint {
  const view = new DataView(values.buffer, values.byteOffset + row * 16, 16)
  return (view.getBigInt64(8, true) << 64n) | view.getBigUint64(0, true)
}
