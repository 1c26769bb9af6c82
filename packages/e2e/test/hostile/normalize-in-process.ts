import {
  completePlan,
  createShredder,
  decodePage,
  encodePage,
  normalizePage,
  planNormalization,
  readPageSummary,
} from '@dlt/normalize-json'
import { createSchema, type Schema } from '@dlt/schema'

const capabilities = {
  identifiers: { maxLength: 65_536 },
  types: {
    decimal: { precision: 38, scale: 9 },
    wei: { precision: 38, scale: 0 },
    timestamp: { precision: 6, maxPrecision: 9 },
  },
} as const

/** Takes documents through shredder and normalizer, in pages, and gives the number of root rows and the schema. */
export function normalizeInProcess(
  documents: readonly unknown[],
  pageRows: number,
): { readonly rows: number; readonly schema: Schema } {
  const shredder = createShredder({ maxNesting: 1000 })
  const pages: Uint8Array[] = []
  for (const document of documents) {
    shredder.add(document)
    if (shredder.rowCount === pageRows) pages.push(encodePage(shredder.takePage()))
  }
  if (shredder.rowCount > 0) pages.push(encodePage(shredder.takePage()))
  const schema = createSchema('hostile')
  const plan = planNormalization({ schema, rootTable: 'items', summaries: pages.map(readPageSummary), capabilities })
  const findings = pages.map((page) => normalizePage(decodePage(page), plan, { loadId: '1' }).findings)
  const completed = completePlan(plan, findings, schema)
  return { rows: completed.rowCounts.get('items') ?? 0, schema: completed.schema }
}
