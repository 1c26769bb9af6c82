import type { ContractEntity, DataType } from '@dlt/schema'
import { convertKind } from '../normalize/convert-kind.ts'
import { tablePositions } from '../normalize/normalize-page.ts'
import type { ColumnPart, Page, TableSummary } from '../page/page.ts'
import { kindDataType } from '../page/value-kind.ts'
import { type FieldPlan, fieldKey, type NormalizationPlan } from '../plan/normalization-plan.ts'
import { allRows, type PageRejection } from './rejection.ts'
import { withoutRows } from './without-rows.ts'

/** A page without the rows that contracts discard. */
export interface SievedPage {
  /** What is left; undefined when every document is discarded. */
  readonly page: Page | undefined
  readonly rejections: readonly PageRejection[]
}

/** Why a row is discarded: for a column that it has. */
interface Cause {
  readonly column: string
  readonly entity: ContractEntity
  readonly valueType: DataType
  readonly columnType?: DataType
}

/**
 * Takes the rows out of a page that the contracts of some tables discard, with all rows that they contain.
 *
 * @param tables positions of the tables in the plan
 * @returns undefined when nothing is discarded
 * @throws DltError `PACKAGE` when the page does not belong to the plan
 */
export function sievePage(page: Page, plan: NormalizationPlan, tables: ReadonlySet<number>): SievedPage | undefined {
  const positions = tablePositions(page, plan)
  const causes: Cause[] = []
  const discarded = page.summary.tables.map(({ rowCount, parent }, index) => {
    const rows = new Int32Array(rowCount)
    const position = positions[index] ?? -1
    if (tables.has(position)) judgeRows(page, index, plan, position, rows, causes)
    return { rows, parent, position }
  })
  if (causes.length === 0) return undefined
  const rejections: PageRejection[] = []
  const contained: Int32Array[] = []
  discarded.forEach(({ rows, parent, position }, index) => {
    const above = discarded[parent]?.rows
    const fromAbove = above === undefined ? undefined : containedRows(above, page.tables[index]?.parents)
    contained.push(fromAbove ?? new Int32Array())
    const tableName = plan.tables[position]?.name ?? ''
    rejections.push(...rejectionsOf({ table: position, tableName }, causes, rows, fromAbove))
    fromAbove?.forEach((cause, row) => {
      if (cause !== 0) rows[row] = cause
    })
  })
  return {
    page: withoutRows(
      page,
      discarded.map(({ rows }) => rows),
    ),
    rejections,
  }
}

/** Notes for each row the first cause to discard it, counted from 1, in the order of the plan's fields. */
function judgeRows(
  page: Page,
  index: number,
  plan: NormalizationPlan,
  position: number,
  rows: Int32Array,
  causes: Cause[],
): void {
  const summary = page.summary.tables[index]
  const fields = plan.tables[position]?.fields
  if (summary === undefined || fields === undefined) return
  const parts = partsByField(summary, page.tables[index]?.columns ?? [])
  for (const [key, field] of fields) {
    for (const part of inPlannedOrder(parts.get(key) ?? [], field)) {
      const judged = judgePart(part, field, plan)
      if (judged === undefined) continue
      causes.push(judged.cause)
      for (const row of judged.part.ordinals ?? allRows(rows.length)) if (rows[row] === 0) rows[row] = causes.length
    }
  }
}

function partsByField(
  { columns }: TableSummary,
  parts: readonly (ColumnPart | undefined)[],
): ReadonlyMap<string, readonly ColumnPart[]> {
  const byField = new Map<string, ColumnPart[]>()
  parts.forEach((part, index) => {
    if (part === undefined) return
    const key = fieldKey(columns[index]?.path ?? [])
    const known = byField.get(key)
    if (known === undefined) byField.set(key, [part])
    else known.push(part)
  })
  return byField
}

// The order of kinds in a page depends on where it begins.
function inPlannedOrder(parts: readonly ColumnPart[], { kinds }: FieldPlan): readonly ColumnPart[] {
  const order = [...kinds.keys()]
  return parts.toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
}

function judgePart(
  part: ColumnPart,
  { column, refusedBy, kinds }: FieldPlan,
  { defaults }: NormalizationPlan,
): { readonly cause: Cause; readonly part: ColumnPart } | undefined {
  const valueType = kindDataType(part.kind)
  if (refusedBy === 'discard_row') return { part, cause: { column: column.name, entity: 'columns', valueType } }
  const kind = kinds.get(part.kind)
  if (kind?.refusedBy !== 'discard_row') return undefined
  const { rest } = convertKind(part, column, kind, defaults)
  const cause = { column: column.name, entity: 'data_type', valueType, columnType: kind.rule.to } as const
  return rest && { part: rest, cause }
}

/** For each row, why the row that contains it is discarded; 0 where it stays. */
function containedRows(above: Int32Array, parents: Int32Array | undefined): Int32Array | undefined {
  return parents?.map((row) => above[row] ?? 0)
}

function rejectionsOf(
  table: Pick<PageRejection, 'table' | 'tableName'>,
  causes: readonly Cause[],
  own: Int32Array,
  fromAbove: Int32Array | undefined,
): readonly PageRejection[] {
  return causes.flatMap(({ entity, ...cause }, index) => {
    const isHere = (rows: Int32Array | undefined, row: number): boolean => rows?.[row] === index + 1
    const rejection = { ...table, entity, mode: 'discard_row', unit: 'rows' } as const
    const contained = allRows(own.length).filter((row) => isHere(fromAbove, row))
    // A row that goes with the one that contains it needs no cause of its own.
    const direct = allRows(own.length).filter((row) => isHere(own, row) && (fromAbove?.[row] ?? 0) === 0)
    return [
      ...(direct.length === 0 ? [] : [{ ...rejection, ...cause, isContained: false, ordinals: direct }]),
      ...(contained.length === 0 ? [] : [{ ...rejection, isContained: true, ordinals: contained }]),
    ]
  })
}
