import { createSchema, createTable, type Schema, updateTable } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coversPage,
  decodePage,
  type NormalizationPlan,
  normalizePage,
  planNormalization,
  plansAgree,
  readPageSummary,
} from '../src/index.ts'
import { batchRows, capabilities, shredPages } from './harness.ts'

function planOf(pages: readonly Uint8Array[], schema: Schema = createSchema('test')): NormalizationPlan {
  return planNormalization({ schema, rootTable: 'tbl', summaries: pages.map(readPageSummary), capabilities })
}

/** What normalizing came to, or why it failed. */
function outcome(page: Uint8Array, plan: NormalizationPlan): unknown {
  try {
    return normalized(page, plan)
  } catch (error) {
    return String(error)
  }
}

/** Rows by table without ids, which are random, the columns in order, and the findings. */
function normalized(page: Uint8Array, plan: NormalizationPlan): unknown {
  const { batches, findings } = normalizePage(decodePage(page), plan, { loadId: 'LOAD1' })
  const tables = batches.map((batch) => ({
    name: batch.tableName,
    columns: batch.columns.map(({ column }) => column),
    rows: batchRows(batch).map(({ _dlt_id, _dlt_parent_id, ...row }) => row),
  }))
  return { tables, findings }
}

/** Plans by the first page and by both, and whether they make the same of the first page. */
function compared(
  first: readonly object[],
  second: readonly object[],
  schema?: Schema,
): { readonly agree: boolean; readonly covered: boolean } {
  const pages = shredPages([...first, ...second], { pageSizes: [first.length] })
  const summaries = pages.map(readPageSummary)
  const [early, late] = [planOf(pages.slice(0, 1), schema), planOf(pages, schema)]
  return {
    agree: plansAgree(early, late, summaries.slice(0, 1)),
    covered: summaries.every((summary) => coversPage(early, summary)),
  }
}

const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, 1, 2.5, 'text', '2024-01-01T00:00:00Z', 12n),
  fc.array(fc.constantFrom<unknown>(1, 'x', { a: 1 }, { b: 'y' }), { maxLength: 2 }),
  fc.record({ inner: fc.constantFrom<unknown>(1, 'z', null) }),
)
const documents = fc.array(fc.dictionary(fc.constantFrom('a', 'A', 'b', 'c d', 'c_d'), value), {
  minLength: 1,
  maxLength: 8,
})

describe('two plans', () => {
  it('that agree about a page make the same of it', () => {
    let agreements = 0
    fc.assert(
      fc.property(documents, documents, (first, second) => {
        const pages = shredPages([...first, ...second], { pageSizes: [first.length] })
        const [page] = pages
        if (page === undefined) return
        const [early, late] = [planOf(pages.slice(0, 1)), planOf(pages)]
        if (!plansAgree(early, late, [readPageSummary(page)])) return
        agreements++
        expect(outcome(page, structuredClone(early))).toEqual(outcome(page, late))
      }),
      { numRuns: 300 },
    )
    expect(agreements).toBeGreaterThan(50)
  })

  it('agree about the pages of the first where later ones bring other columns, tables and names', () => {
    const later = [{ id: 2, extra: 'x', Id: 3, items: [{ n: 1 }] }]
    expect(compared([{ id: 1 }], later)).toEqual({ agree: true, covered: false })
  })

  it('agree where a path gets values of another kind, which leave its column as it was', () => {
    expect(compared([{ id: 1 }], [{ id: 'none' }])).toEqual({ agree: true, covered: false })
  })

  it('agree where later pages bring nothing new', () => {
    expect(compared([{ id: 1, tags: ['x'] }], [{ id: 2, tags: ['y'] }, { id: null }])).toEqual({
      agree: true,
      covered: true,
    })
  })

  it('disagree where fractions make a double of a column', () => {
    expect(compared([{ id: 1 }], [{ id: 2.5 }]).agree).toBe(false)
  })

  it('disagree where a column that must not be null comes later', () => {
    const columns = [{ name: 'key', nullable: false }]
    const schema = updateTable(createSchema('test'), createTable('tbl', { columns })).schema
    expect(compared([{ id: 1 }], [{ id: 2, key: 1 }], schema).agree).toBe(false)
  })

  it('disagree about pages that one of them does not have a table for', () => {
    const pages = shredPages([{ id: 1 }, { id: 2, items: [{ n: 1 }] }], { pageSizes: [1] })
    const summaries = pages.map(readPageSummary)
    expect(plansAgree(planOf(pages.slice(0, 1)), planOf(pages), summaries)).toBe(false)
  })

  it('disagree where they are for schemas that have other types', () => {
    const columns = [{ name: 'id', data_type: 'text' }] as const
    const schema = updateTable(createSchema('test'), createTable('tbl', { columns })).schema
    const pages = shredPages([{ id: 1 }])
    expect(plansAgree(planOf(pages), planOf(pages, schema), pages.map(readPageSummary))).toBe(false)
  })
})
