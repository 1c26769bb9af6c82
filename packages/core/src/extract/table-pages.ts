import { createShredder, PageMemory, pageParts, type Shredder, type ShredderOptions } from '@dlt/normalize-json'
import type { ContractMode } from '@dlt/schema'
import { byteCount, writePackageFile } from '../packages/package-file.ts'
import type { PackageWriter } from '../packages/package-writer.ts'

/** How large a page may grow before it is written. */
export interface PageLimits {
  readonly rows: number
  readonly bytes: number
}

/** Most rows between two looks at the size of a page. */
const mostUnmeasuredRows = 256

/** Collects the documents of one table and writes them as pages, one file a page. */
export class TablePages {
  readonly tableName: string
  /** The mode of the contract that keeps the table out of the schema: normalize discards its rows. */
  refusedBy: ContractMode | undefined
  #shredder: Shredder
  /** Rows that were taken apart by other options; written first. */
  #earlier: Shredder[] = []
  #earlierRows = 0
  #earlierBytes = 0
  readonly #limits: PageLimits
  readonly #memory: PageMemory
  #measuredBytes = 0
  #measureAt = 1
  #written = { rows: 0, bytes: 0, files: 0 }

  /** @param memory gets back what pages were made of when they are written. Default: memory of its own */
  constructor(tableName: string, options: ShredderOptions, limits: PageLimits, memory: PageMemory = new PageMemory()) {
    this.tableName = tableName
    this.#shredder = createShredder(options, memory)
    this.#limits = limits
    this.#memory = memory
  }

  /** Rows, bytes and files that were written. */
  get written(): { readonly rows: number; readonly bytes: number; readonly files: number } {
    return this.#written
  }

  /** Bytes that are waiting, as last measured: of at least half of the rows. */
  get measuredBytes(): number {
    return this.#measuredBytes + this.#earlierBytes
  }

  /** Whether the page has reached its limits and should be written. */
  get isFull(): boolean {
    return this.#rowCount >= this.#limits.rows || this.measuredBytes >= this.#limits.bytes
  }

  /** Whether rows are waiting. */
  get hasRows(): boolean {
    return this.#rowCount > 0
  }

  /** Takes apart what comes from now on by other options. */
  changeOptions(options: ShredderOptions): void {
    if (this.#shredder.rowCount > 0) {
      this.#earlier.push(this.#shredder)
      this.#earlierRows += this.#shredder.rowCount
      this.#earlierBytes += this.#shredder.byteEstimate
    }
    this.#shredder = createShredder(options, this.#memory)
    this.#measuredBytes = 0
    this.#measureAt = 1
  }

  /** Takes a document. Throws a DltError `DATA` with the path of a value that cannot be loaded. */
  add(item: unknown): void {
    this.#shredder.add(item)
    if (this.#shredder.rowCount >= this.#measureAt) this.#measure()
  }

  /** Writes what is waiting; a page without rows only when `evenEmpty`. */
  async write(writer: PackageWriter, evenEmpty = false): Promise<void> {
    const waiting = [...this.#earlier, this.#shredder].filter(({ rowCount }) => rowCount > 0 || evenEmpty)
    this.#earlier = []
    this.#earlierRows = 0
    this.#earlierBytes = 0
    this.#measuredBytes = 0
    this.#measureAt = 1
    // All are emptied before anything is waited for: rows that come meanwhile belong to the next page.
    const pages = waiting.map((shredder) => ({ rows: shredder.rowCount, page: shredder.takePage() }))
    for (const { rows, page } of pages) {
      await this.#writePage(writer, rows, pageParts(page))
      this.#memory.release(page)
    }
  }

  async #writePage(writer: PackageWriter, rows: number, parts: readonly Uint8Array[]): Promise<void> {
    await writePackageFile(writer, {
      tableName: this.tableName,
      kind: 'pages',
      extension: 'page',
      rows,
      parts,
      ...(this.refusedBy !== undefined && { refusedBy: this.refusedBy }),
    })
    const { written } = this
    this.#written = { rows: written.rows + rows, bytes: written.bytes + byteCount(parts), files: written.files + 1 }
  }

  get #rowCount(): number {
    return this.#shredder.rowCount + this.#earlierRows
  }

  // Asking for the size costs as much as a small row: it is asked more often the closer the limit is.
  #measure(): void {
    const { rowCount, byteEstimate } = this.#shredder
    this.#measuredBytes = byteEstimate
    const rowsToLimit = ((this.#limits.bytes - byteEstimate) * rowCount) / (4 * byteEstimate + 1)
    this.#measureAt = rowCount + Math.max(1, Math.min(rowsToLimit, rowCount, mostUnmeasuredRows))
  }
}
