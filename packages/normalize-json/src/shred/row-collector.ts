import type { RowLayout, TablePart, TableSummary } from '../page/page.ts'
import { expectedAfter, nextCapacity } from './capacity.ts'
import type { ColumnWriter } from './column-writer.ts'
import type { PageMemory } from './page-memory.ts'

const firstCapacity = 16
const bytesPerRow = 8

/** Collects the rows of one list path for the page in work; used again for every page. */
export class RowCollector {
  /** Raw keys from the containing row to the list; empty for the root. */
  readonly path: readonly string[]
  /** Rows that contain these; undefined for the root. */
  readonly parent: RowCollector | undefined
  /** What the page in work is made of. */
  readonly memory: PageMemory
  rowCount = 0
  /** What the collected rows take, roughly. */
  bytes = 0
  /** Position among the page's tables. */
  position = -1
  /** Columns of the row in work, in order; only the first `layoutLength` entries count. */
  readonly layout: number[] = []
  layoutLength = 0
  private novel = false
  /** How many rows the next page is expected to bring. */
  private expected = 0
  private layouts: RowLayout[] = []
  private columns: ColumnWriter[] = []
  private parents = new Int32Array(firstCapacity)
  private listIndices = new Int32Array(firstCapacity)

  constructor(parent: RowCollector | undefined, path: readonly string[], memory: PageMemory) {
    this.parent = parent
    this.path = path
    this.memory = memory
  }

  /** Begins a row and returns its ordinal. */
  begin(parentOrdinal: number, listIndex: number): number {
    const ordinal = this.rowCount
    if (this.parent !== undefined) {
      if (ordinal === this.parents.length) this.grow()
      this.parents[ordinal] = parentOrdinal
      this.listIndices[ordinal] = listIndex
    }
    this.rowCount = ordinal + 1
    this.bytes += bytesPerRow
    this.layoutLength = 0
    return ordinal
  }

  private grow(): void {
    this.parents = this.longer(this.parents)
    this.listIndices = this.longer(this.listIndices)
  }

  private longer(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const grown = this.memory.integers(nextCapacity(numbers.length, this.expected))
    grown.set(numbers)
    return grown
  }

  /** Ends the row that was begun last; rows nested in it come later. */
  end(): void {
    if (!this.novel) return
    this.novel = false
    this.layouts.push({ ordinal: this.rowCount - 1, columns: this.layout.slice(0, this.layoutLength) })
  }

  /** Adds a column to the page in work and returns its position. */
  register(column: ColumnWriter): number {
    if (column.kind !== 'null') this.novel = true
    return this.columns.push(column) - 1
  }

  /** Hands out what was collected and starts anew. */
  take(): { readonly summary: TableSummary; readonly part: TablePart } {
    const { path, rowCount, layouts, parent } = this
    const taken = this.columns.map((column) => column.take(rowCount))
    const columns = taken.map(({ part }) => part)
    const parents = this.parents.subarray(0, rowCount)
    const listIndices = this.listIndices.subarray(0, rowCount)
    this.reset()
    const summaries = taken.map(({ summary }) => summary)
    return {
      summary: { path, parent: parent?.position ?? -1, rowCount, columns: summaries, layouts },
      part: parent === undefined ? { columns } : { columns, parents, listIndices },
    }
  }

  private reset(): void {
    this.expected = expectedAfter(this.rowCount)
    this.rowCount = 0
    this.bytes = 0
    this.layouts = []
    this.columns = []
    this.parents = new Int32Array(firstCapacity)
    this.listIndices = new Int32Array(firstCapacity)
  }
}
