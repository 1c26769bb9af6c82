import { type ContractMode, DltError, type TableBatch } from '@dlt/schema'
import type { Page } from '../page/page.ts'
import { fieldKey, type NormalizationPlan, type TablePlan } from '../plan/normalization-plan.ts'
import { allRows, type PageRejection } from '../reject/rejection.ts'
import { type NormalizedTable, normalizeTable } from './normalize-table.ts'
import type { PageFindings } from './page-findings.ts'

/** What does not follow from page and plan. */
export interface NormalizeContext {
  /** Value of the column `_dlt_load_id`. */
  readonly loadId: string
}

/** A page as tables. */
export interface NormalizedPage {
  /** One batch for each table of the page; columns without a value in it are absent. */
  readonly batches: readonly TableBatch[]
  readonly findings: PageFindings
}

/**
 * Turns a page into typed tables, as the plan says: names, types, variant columns, row ids. Pure but for the random ids of
 * root rows, so pages can be normalized in any order, by any number of workers.
 *
 * @throws DltError `DATA` when a value fits neither its column nor the variant column, or one is missing where it must not;
 * `PACKAGE` when the page does not belong to the plan.
 */
export function normalizePage(page: Page, plan: NormalizationPlan, context: NormalizeContext): NormalizedPage {
  const positions = tablePositions(page, plan)
  const normalized = new Map<number, NormalizedTable>()
  const rejections: PageRejection[] = []
  const byPosition = new Map<number, NormalizedTable>()
  page.summary.tables.forEach((summary, index) => {
    const part = page.tables[index]
    const position = positions[index]
    const table = position === undefined ? undefined : plan.tables[position]
    if (part === undefined || position === undefined || table === undefined) throw foreignPage()
    if (table.fate.kind !== 'loaded') {
      if (table.fate.kind === 'refused')
        rejections.push(refusedRows(table, position, table.fate.mode, summary.rowCount))
      return
    }
    const parent = normalized.get(summary.parent)
    const result = normalizeTable({
      plan,
      table,
      position,
      summary,
      part,
      parent,
      above: byPosition,
      loadId: context.loadId,
    })
    normalized.set(index, result)
    byPosition.set(position, result)
    rejections.push(...result.rejections)
  })
  const loaded = [...normalized.values()]
  return {
    batches: loaded.map(({ batch }) => batch),
    findings: { tables: loaded.map(({ findings }) => findings), rejections },
  }
}

function refusedRows(
  { name: tableName }: TablePlan,
  table: number,
  mode: ContractMode,
  rowCount: number,
): PageRejection {
  const ordinals = allRows(rowCount)
  return { table, tableName, entity: 'tables', mode, unit: 'rows', isContained: false, ordinals }
}

/**
 * Finds the page's tables in the plan, parents before children.
 * @throws DltError `PACKAGE` when the page does not belong to the plan
 */
export function tablePositions(page: Page, plan: NormalizationPlan): readonly number[] {
  const known = new Map(plan.tables.map(({ parent, path }, position) => [`${parent}${fieldKey(path)}`, position]))
  const positions: number[] = []
  for (const { parent, path } of page.summary.tables) {
    const position = known.get(`${positions[parent] ?? -1}${fieldKey(path)}`)
    if (position === undefined) throw foreignPage()
    positions.push(position)
  }
  return positions
}

function foreignPage(): DltError {
  return new DltError(
    'A page of extracted data does not belong to the plan it is normalized with. Normalize the package again.',
    {
      code: 'PACKAGE',
    },
  )
}
