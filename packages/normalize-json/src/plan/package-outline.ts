import { type ColumnSummary, isRowText, type PageSummary, type TableSummary } from '../page/page.ts'
import type { PackedKind } from '../page/value-kind.ts'
import { fieldKey, type NovelRow } from './normalization-plan.ts'

/** All pages of one root table seen together: what is where, and what came first. */
export interface PackageOutline {
  /** In the order in which their first rows were met. */
  readonly tables: readonly TableOutline[]
}

/** One list path over all pages. */
export interface TableOutline {
  readonly path: readonly string[]
  readonly parent: TableOutline | undefined
  readonly position: number
  /** The page of its first row. */
  readonly firstPage: number
  readonly rowCount: number
  /** By {@link fieldKey}; those with values are in the order of their first ones. */
  readonly fields: ReadonlyMap<string, FieldOutline>
  readonly novelRows: readonly NovelRow[]
}

/** One source path over all pages. */
export interface FieldOutline {
  readonly path: readonly string[]
  readonly hasNulls: boolean
  /** Nulls that stand for NaN, infinities and invalid dates. */
  readonly lost: number
  /** In the order of their first values. */
  readonly kinds: ReadonlyMap<PackedKind, KindOutline>
}

/** The values of one kind at one source path over all pages. */
export interface KindOutline {
  readonly firstValue: string | number | boolean | undefined
  readonly count: number
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly longest: ColumnSummary['longest']
  readonly digits: ColumnSummary['digits']
}

/** Reads the summaries of pages, in their order. */
export function outlinePackage(summaries: Iterable<PageSummary>): PackageOutline {
  const tables: TableCollector[] = []
  let page = 0
  for (const summary of summaries) {
    const ofPage: TableCollector[] = []
    for (const table of summary.tables) ofPage.push(collectTable(table, page, ofPage, tables))
    page += 1
  }
  return { tables }
}

function collectTable(
  summary: TableSummary,
  page: number,
  ofPage: readonly TableCollector[],
  tables: TableCollector[],
): TableCollector {
  const parent = ofPage[summary.parent]
  const key = fieldKey(summary.path)
  const known = parent === undefined ? tables[0] : parent.children.get(key)
  const collector = known ?? new TableCollector(summary.path, parent, { position: tables.length, firstPage: page })
  if (known === undefined) {
    tables.push(collector)
    parent?.children.set(key, collector)
  }
  collector.add(summary, page)
  return collector
}

class TableCollector implements TableOutline {
  readonly path: readonly string[]
  readonly parent: TableCollector | undefined
  readonly position: number
  readonly firstPage: number
  readonly fields = new Map<string, FieldCollector>()
  readonly novelRows: NovelRow[] = []
  readonly children = new Map<string, TableCollector>()
  rowCount = 0

  constructor(
    path: readonly string[],
    parent: TableCollector | undefined,
    { position, firstPage }: Pick<TableOutline, 'position' | 'firstPage'>,
  ) {
    this.path = path
    this.parent = parent
    this.position = position
    this.firstPage = firstPage
  }

  add(summary: TableSummary, page: number): void {
    this.rowCount += summary.rowCount
    const novel = new Set<number>()
    for (const column of summary.columns) {
      if (this.addColumn(column)) novel.add(column.firstOrdinal)
    }
    for (const { ordinal, columns } of summary.layouts) {
      if (!novel.has(ordinal)) continue
      const values = columns.flatMap((position) => {
        const column = summary.columns[position]
        return column === undefined || column.kind === 'null' || isRowText(column)
          ? []
          : [{ field: fieldKey(column.path), kind: column.kind }]
      })
      this.novelRows.push({ page, ordinal, values })
    }
  }

  /** Adds a column of a page; true when its path had no value of that kind before. */
  private addColumn(column: ColumnSummary): boolean {
    if (isRowText(column)) return false
    const key = fieldKey(column.path)
    const field = this.fields.get(key) ?? new FieldCollector(column.path)
    if (column.kind === 'null') {
      field.hasNulls = true
      field.lost += column.lost ?? 0
      this.fields.set(key, field)
      return false
    }
    // A field with nulls so far takes its place when the first value comes.
    if (field.kinds.size === 0) this.fields.delete(key)
    this.fields.set(key, field)
    return field.add(column.kind, column)
  }
}

class FieldCollector implements FieldOutline {
  readonly path: readonly string[]
  readonly kinds = new Map<PackedKind, KindOutline>()
  hasNulls = false
  lost = 0

  constructor(path: readonly string[]) {
    this.path = path
  }

  add(kind: PackedKind, column: ColumnSummary): boolean {
    const earlier = this.kinds.get(kind)
    this.kinds.set(kind, {
      firstValue: earlier === undefined ? column.firstValue : earlier.firstValue,
      count: (earlier?.count ?? 0) + column.count,
      minimum: least(earlier?.minimum, column.minimum),
      maximum: greatest(earlier?.maximum, column.maximum),
      longest: longestOf(earlier?.longest, column.longest),
      digits: mostDigits(earlier?.digits, column.digits),
    })
    return earlier === undefined
  }
}

function least(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return Math.min(left, right)
}

function greatest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return Math.max(left, right)
}

function longestOf(left: KindOutline['longest'], right: KindOutline['longest']): KindOutline['longest'] {
  if (left === undefined || right === undefined) return left ?? right
  return { characters: Math.max(left.characters, right.characters), bytes: Math.max(left.bytes, right.bytes) }
}

function mostDigits(left: KindOutline['digits'], right: KindOutline['digits']): KindOutline['digits'] {
  if (left === undefined || right === undefined) return left ?? right
  return { whole: Math.max(left.whole, right.whole), fraction: Math.max(left.fraction, right.fraction) }
}
