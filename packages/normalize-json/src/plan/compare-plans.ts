import { isDeepStrictEqual } from 'node:util'
import type { PageSummary, TableSummary } from '../page/page.ts'
import type { PackedKind } from '../page/value-kind.ts'
import { type FieldPlan, fieldKey, type NormalizationPlan, type TablePlan } from './normalization-plan.ts'

/** Whether a page can be normalized with a plan that was made without it: the plan knows all its tables, paths and kinds of values. */
export function coversPage(plan: NormalizationPlan, summary: PageSummary): boolean {
  const positions = tablePositions(plan, summary)
  return summary.tables.every((table, index) => {
    const planned = plan.tables[positions[index] ?? -1]
    return planned !== undefined && table.columns.every((column) => coversColumn(planned, column))
  })
}

/**
 * Whether two plans of one root table make the same of some pages: the same tables, columns, types and row ids, at the same positions.
 * What they say of values that these pages do not have is left out, and so are names of paths, collisions and warnings.
 */
export function plansAgree(left: NormalizationPlan, right: NormalizationPlan, pages: Iterable<PageSummary>): boolean {
  const used = new UsedParts()
  for (const summary of pages) {
    const positions = tablePositions(left, summary)
    if (!isDeepStrictEqual(positions, tablePositions(right, summary))) return false
    used.add(summary, positions)
  }
  return isDeepStrictEqual(used.of(left), used.of(right))
}

/** The kinds of values that some pages have, by table and path. */
class UsedParts {
  readonly #kinds = new Map<number, Map<string, Set<PackedKind>>>()

  add(summary: PageSummary, positions: readonly number[]): void {
    summary.tables.forEach(({ columns }, index) => {
      const position = positions[index] ?? -1
      const fields = this.#kinds.get(position) ?? new Map<string, Set<PackedKind>>()
      this.#kinds.set(position, fields)
      for (const { path, kind } of columns) {
        if (kind === 'null') continue
        const key = fieldKey(path)
        fields.set(key, (fields.get(key) ?? new Set()).add(kind))
      }
    })
  }

  /** A plan without what concerns other pages only. */
  of({ collisions: _, warnings: __, ...plan }: NormalizationPlan): object {
    return { ...plan, tables: [...this.#kinds].map(([position, fields]) => usedTable(plan.tables[position], fields)) }
  }
}

function coversColumn({ fields }: TablePlan, { path, kind }: TableSummary['columns'][number]): boolean {
  return kind === 'null' || fields.get(fieldKey(path))?.kinds.has(kind) === true
}

/** Where a plan has the tables of a page; -1 for one that it does not have. */
function tablePositions({ tables }: NormalizationPlan, summary: PageSummary): readonly number[] {
  const known = new Map(tables.map(({ parent, path }, position) => [`${parent}${fieldKey(path)}`, position]))
  const positions: number[] = []
  for (const { parent, path } of summary.tables) {
    positions.push(known.get(`${positions[parent] ?? -1}${fieldKey(path)}`) ?? -1)
  }
  return positions
}

function usedTable(
  table: TablePlan | undefined,
  used: ReadonlyMap<string, ReadonlySet<PackedKind>>,
): object | undefined {
  if (table === undefined) return undefined
  const { layouts: _, renamed: __, fields, ...rest } = table
  return { ...rest, fields: [...used].map(([key, kinds]) => usedField(fields.get(key), kinds)) }
}

function usedField(field: FieldPlan | undefined, used: ReadonlySet<PackedKind>): object | undefined {
  if (field === undefined) return undefined
  const { renamed: _, kinds, ...rest } = field
  return { ...rest, kinds: [...used].map((kind) => kinds.get(kind)) }
}
