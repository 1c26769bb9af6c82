import type { ColumnSchema } from '@dlt/schema'
import type { TableFindings } from '../normalize/page-findings.ts'
import type { PackedKind } from '../page/value-kind.ts'
import type { NovelRow, TablePlan } from '../plan/normalization-plan.ts'

/** When a column came to be: which row of which page, and where in that row. */
interface Birth {
  readonly column: ColumnSchema
  readonly page: number
  readonly ordinal: number
  /** What decides between columns of one row. */
  readonly position: readonly [number, number]
}

/** Findings of one table, with the number of their page. */
export interface PagedFindings {
  readonly page: number
  readonly findings: TableFindings
}

/**
 * The columns that got values, in the order in which reading row by row would have created them. Within a row that is the
 * order of its values where the plan knows it, else the order of the fields; columns of the system come last.
 */
export function columnsInOrder(table: TablePlan, pages: readonly PagedFindings[]): readonly ColumnSchema[] {
  const births = new Map<string, Birth>()
  const rows = new RowPositions(table)
  const note = (birth: Birth): void => {
    const earlier = births.get(birth.column.name)
    if (earlier === undefined || compareBirths(birth, earlier) < 0) births.set(birth.column.name, birth)
  }
  for (const { page, findings } of pages) {
    for (const { field, kind, firstTaken, firstVariant, firstOverflow } of findings.columns) {
      const plan = table.fields.get(field)
      const { variant, overflow } = plan?.kinds.get(kind) ?? {}
      const at = (ordinal: number): Pick<Birth, 'page' | 'ordinal' | 'position'> => ({
        page,
        ordinal,
        position: rows.position(page, ordinal, field, kind),
      })
      if (plan !== undefined && firstTaken >= 0) note({ column: plan.column, ...at(firstTaken) })
      if (variant !== undefined && firstVariant >= 0) note({ column: variant.column, ...at(firstVariant) })
      if (overflow !== undefined && firstOverflow >= 0) note({ column: overflow.column, ...at(firstOverflow) })
    }
  }
  const [first] = pages
  if (first !== undefined) for (const birth of systemBirths(table, first.page, rows)) note(birth)
  return [...births.values()].sort(compareBirths).map(({ column }) => column)
}

function compareBirths(left: Birth, right: Birth): number {
  return (
    left.page - right.page ||
    left.ordinal - right.ordinal ||
    left.position[0] - right.position[0] ||
    left.position[1] - right.position[1]
  )
}

/** Every row has these columns, so they came with the first one. */
function systemBirths(table: TablePlan, page: number, rows: RowPositions): readonly Birth[] {
  const { loadId, parentId, listIndex, rowId } = table.system
  const system = [...table.propagated.map(({ column }) => column), loadId, parentId, listIndex, rowId]
  return system.flatMap((column, index) =>
    column === undefined ? [] : [{ column, page, ordinal: 0, position: rows.systemPosition(page, column.name, index) }],
  )
}

const afterAllFields = 1e9

/** Knows where values stand in their rows. */
class RowPositions {
  private readonly table: TablePlan
  private readonly novel = new Map<string, ReadonlyMap<string, number>>()
  private readonly fields: ReadonlyMap<string, number>

  constructor(table: TablePlan) {
    this.table = table
    for (const row of table.layouts) this.novel.set(`${row.page}:${row.ordinal}`, valuePositions(row))
    this.fields = new Map([...table.fields.keys()].map((key, index) => [key, index]))
  }

  position(page: number, ordinal: number, field: string, kind: PackedKind): readonly [number, number] {
    const byField = this.fields.get(field) ?? 0
    const inRow = this.novel.get(`${page}:${ordinal}`)?.get(`${kind}${field}`)
    return [inRow ?? byField, byField]
  }

  /** A column of the system that the first row's data has too keeps the place that it has there. */
  systemPosition(page: number, column: string, index: number): readonly [number, number] {
    const first = this.novel.get(`${page}:0`)
    for (const [key, field] of this.table.fields) {
      if (field.column.name !== column) continue
      for (const kind of field.kinds.keys()) {
        const inRow = first?.get(`${kind}${key}`)
        if (inRow !== undefined) return [inRow, 0]
      }
    }
    return [afterAllFields, index]
  }
}

function valuePositions({ values }: NovelRow): ReadonlyMap<string, number> {
  return new Map(values.map(({ field, kind }, index) => [`${kind}${field}`, index]))
}
