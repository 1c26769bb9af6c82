import type { RowLayout, TablePart, TableSummary } from '../page/page.ts'
import type { ColumnWriter } from './column-writer.ts'
import { ObjectNode } from './object-node.ts'

const firstCapacity = 16

/** The rows of one list path: the remembered plan of its fields, and what was collected for the page in work. */
export class TableNode {
  /** Raw keys from the containing row to the list; empty for the root. */
  readonly path: readonly string[]
  readonly parent: TableNode | undefined
  /** All raw keys from the document to the list, over all levels. */
  readonly fullPath: readonly string[]
  readonly fields: ObjectNode
  rowCount = 0
  /** Position among the page's tables. */
  position = -1
  /** Columns of the row in work, in order; only the first `layoutLength` entries count. */
  readonly layout: number[] = []
  layoutLength = 0
  private novel = false
  private layouts: RowLayout[] = []
  private columns: ColumnWriter[] = []
  private parents = new Int32Array(firstCapacity)
  private listIndices = new Int32Array(firstCapacity)

  constructor(parent: TableNode | undefined, path: readonly string[]) {
    this.parent = parent
    this.path = path
    this.fullPath = parent === undefined ? path : [...parent.fullPath, ...path]
    this.fields = new ObjectNode(this, [])
  }

  /** Begins a row and returns its ordinal. */
  beginRow(parentOrdinal: number, listIndex: number): number {
    const ordinal = this.rowCount
    if (this.parent !== undefined) {
      if (ordinal === this.parents.length) this.grow()
      this.parents[ordinal] = parentOrdinal
      this.listIndices[ordinal] = listIndex
    }
    this.rowCount = ordinal + 1
    this.layoutLength = 0
    return ordinal
  }

  private grow(): void {
    const parents = new Int32Array(this.parents.length * 2)
    parents.set(this.parents)
    this.parents = parents
    const listIndices = new Int32Array(this.listIndices.length * 2)
    listIndices.set(this.listIndices)
    this.listIndices = listIndices
  }

  /** Ends the row that was begun last; nested rows come after it. */
  endRow(): void {
    if (!this.novel) return
    this.novel = false
    this.layouts.push({ ordinal: this.rowCount - 1, columns: this.layout.slice(0, this.layoutLength) })
  }

  /** Adds a column to the page in work and returns its position. */
  register(column: ColumnWriter): number {
    if (column.kind !== 'null') this.novel = true
    return this.columns.push(column) - 1
  }

  get byteEstimate(): number {
    return this.columns.reduce((sum, column) => sum + column.byteEstimate, 8 * this.rowCount)
  }

  /** Hands out what was collected and starts anew. */
  take(): { readonly summary: TableSummary; readonly part: TablePart } {
    const { path, rowCount, layouts, parent } = this
    const taken = this.columns.map((column) => column.take(rowCount))
    const columns = taken.map(({ part }) => part)
    const part =
      parent === undefined
        ? { columns }
        : { columns, parents: this.parents.subarray(0, rowCount), listIndices: this.listIndices.subarray(0, rowCount) }
    const summaries = taken.map(({ summary }) => summary)
    this.reset()
    return { summary: { path, parent: parent?.position ?? -1, rowCount, columns: summaries, layouts }, part }
  }

  private reset(): void {
    this.rowCount = 0
    this.layouts = []
    this.columns = []
    this.parents = new Int32Array(firstCapacity)
    this.listIndices = new Int32Array(firstCapacity)
  }
}
