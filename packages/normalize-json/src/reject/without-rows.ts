import { selectValues } from '../normalize/convert-part.ts'
import { partCount } from '../normalize/scalar-reader.ts'
import {
  type ColumnPart,
  type ColumnSummary,
  isRowText,
  type Page,
  type RowLayout,
  type TablePart,
  type TableSummary,
} from '../page/page.ts'
import { summarizePart } from './summarize-part.ts'

/**
 * A page without some rows. Positions in lists stay, so that ids of rows do too.
 *
 * @param discarded for each table part a number for each row, 0 where it stays; a row inside of a discarded one is discarded as well
 * @returns undefined when no document is left
 */
export function withoutRows(page: Page, discarded: readonly Int32Array[]): Page | undefined {
  const kept = page.summary.tables.map((_, index) => keepRows(index, page, discarded[index]))
  const [root] = kept
  if (root === undefined || root.rows.length === 0) return undefined
  const places = newPlaces(kept)
  const tables = kept.flatMap((table) => {
    if (places[table.index] === -1) return []
    return [reduceTable(table, places[table.summary.parent] ?? -1, kept[table.summary.parent])]
  })
  return {
    summary: { rowCount: root.rows.length, tables: tables.map(({ summary }) => summary) },
    tables: tables.map(({ part }) => part),
  }
}

/** The rows of a table part that stay. */
interface KeptRows {
  readonly index: number
  readonly summary: TableSummary
  readonly part: TablePart
  /** Their ordinals, ascending. */
  readonly rows: Int32Array
  /** The ordinal that each row gets; -1 for those that are gone. */
  readonly moved: Int32Array
}

function keepRows(
  index: number,
  { summary: { tables }, tables: parts }: Page,
  discarded: Int32Array | undefined,
): KeptRows {
  const { [index]: summary = noTable } = tables
  const { [index]: part = { columns: [] } } = parts
  const moved = new Int32Array(summary.rowCount).fill(-1)
  let count = 0
  for (let row = 0; row < summary.rowCount; row++) if ((discarded?.[row] ?? 0) === 0) moved[row] = count++
  const rows = Int32Array.from({ length: summary.rowCount }, (_, row) => row).filter((row) => moved[row] !== -1)
  return { index, summary, part, rows, moved }
}

const noTable: TableSummary = { path: [], parent: -1, rowCount: 0, columns: [], layouts: [] }

/** Where parts come to stand; -1 for those that have no rows any more. */
function newPlaces(kept: readonly KeptRows[]): readonly number[] {
  let place = 0
  return kept.map(({ rows }) => (rows.length === 0 ? -1 : place++))
}

function reduceTable(
  kept: KeptRows,
  parent: number,
  container: KeptRows | undefined,
): { readonly summary: TableSummary; readonly part: TablePart } {
  const { summary, part, rows } = kept
  const columns = summary.columns.flatMap((_, index) => reduceColumn(index, kept)).toSorted(byFirstValue)
  const { parents, listIndices } = part
  return {
    summary: {
      path: summary.path,
      parent,
      rowCount: rows.length,
      columns: columns.map((column) => column.summary),
      layouts: layouts(kept, columns),
    },
    part: {
      ...(parents !== undefined && { parents: rows.map((row) => container?.moved[parents[row] ?? 0] ?? 0) }),
      ...(listIndices !== undefined && { listIndices: rows.map((row) => listIndices[row] ?? 0) }),
      columns: columns.map((column) => column.part),
    },
  }
}

/** Columns stand in the order of their first values, which decide types; those of nulls last. */
function byFirstValue(left: ReducedColumn, right: ReducedColumn): number {
  if ((left.part === undefined) !== (right.part === undefined)) return left.part === undefined ? 1 : -1
  return left.summary.firstOrdinal - right.summary.firstOrdinal || left.index - right.index
}

interface ReducedColumn {
  /** Position of the column in the page as it was. */
  readonly index: number
  readonly summary: ColumnSummary
  readonly part: ColumnPart | undefined
}

function reduceColumn(
  index: number,
  { moved, rows, summary: table, part: { columns } }: KeptRows,
): readonly ReducedColumn[] {
  const { [index]: summary } = table.columns
  const { [index]: part } = columns
  if (summary === undefined) return []
  // Where the nulls were is not known: those that are left may be any of them.
  if (part === undefined) return [{ index, part, summary: { ...summary, firstOrdinal: 0 } }]
  const values = allIndices(partCount(part)).filter((value) => moved[part.ordinals?.[value] ?? value] !== -1)
  if (values.length === 0) return []
  const selected = selectValues(part, values)
  const ordinals = selected.ordinals?.map((row) => moved[row] ?? 0)
  const { kind, values: packed } = selected
  const reduced: ColumnPart =
    ordinals === undefined || ordinals.length === rows.length
      ? { kind, values: packed }
      : { kind, ordinals, values: packed }
  return [{ index, part: reduced, summary: summarizePart(summary.path, reduced) }]
}

function allIndices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** The order of values in the rows that are now the first to have one of a column. */
function layouts({ summary, rows }: KeptRows, columns: readonly ReducedColumn[]): readonly RowLayout[] {
  const known = new Map(summary.layouts.map((layout) => [layout.ordinal, layout.columns]))
  const places = new Map(columns.map(({ index }, place) => [index, place]))
  const novel = new Set(columns.filter(isField).map(({ summary: { firstOrdinal } }) => firstOrdinal))
  return [...novel]
    .sort((left, right) => left - right)
    .map((ordinal) => {
      const before = known.get(rows[ordinal] ?? -1)?.flatMap((index) => places.get(index) ?? [])
      return { ordinal, columns: before ?? columnsOfRow(columns, ordinal) }
    })
}

function columnsOfRow(columns: readonly ReducedColumn[], ordinal: number): readonly number[] {
  return columns.flatMap((column, place) => {
    const { part } = column
    if (part === undefined || !isField(column)) return []
    return part.ordinals === undefined || part.ordinals.includes(ordinal) ? [place] : []
  })
}

/** Whether a column has values of fields: neither nulls nor the text of whole rows. */
function isField({ part, summary }: ReducedColumn): boolean {
  return part !== undefined && !isRowText(summary)
}
