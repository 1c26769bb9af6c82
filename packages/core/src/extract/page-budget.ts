import { PageMemory } from '@dlt/normalize-json'
import type { PackageWriter } from '../packages/package-writer.ts'
import type { PageLimits, TablePages } from './table-pages.ts'
import { WriteBehind } from './write-behind.ts'

// With many tables at once, pages are written early: waiting rows of all tables together take at most this many pages.
const pagesInMemory = 4

/** The rows of all tables of an extract that wait to be written, and the writing of them: one page after another. */
export class PageBudget {
  /** What the pages of all tables are made of. */
  readonly memory: PageMemory = new PageMemory()
  readonly #writer: PackageWriter
  readonly #limits: PageLimits
  readonly #pages = new Set<TablePages>()
  #waitingBytes = 0
  #turns: Promise<void> = Promise.resolve()
  readonly #behind = new WriteBehind()

  constructor(writer: PackageWriter, limits: PageLimits) {
    this.#writer = writer
    this.#limits = limits
  }

  /** Whether something must be written before more rows are taken. */
  get isFull(): boolean {
    return this.#waitingBytes >= this.#limits.bytes * pagesInMemory
  }

  /** Counts the pages of a table from now on. */
  open(pages: TablePages): void {
    this.#pages.add(pages)
  }

  /** Counts bytes that a table takes more. */
  grow(bytes: number): void {
    this.#waitingBytes += bytes
  }

  /**
   * Begins to write the pages that are full; where none is, the largest. More rows can come while the last of them goes to the disk.
   * @throws what the write before threw
   */
  writeFull(): Promise<void> {
    return this.#inTurn(async () => {
      const full = [...this.#pages].filter((pages) => pages.isFull)
      for (const pages of full.length > 0 ? full : this.#largest()) await this.#behind.begin(() => this.#write(pages))
    })
  }

  /** Writes what a table has; a page without rows when `evenEmpty` and nothing was written for it. */
  write(pages: TablePages, evenEmpty = false): Promise<void> {
    return this.#inTurn(async () => {
      await this.#behind.begin(() => this.#write(pages))
      await this.#behind.end()
      if (evenEmpty && pages.written.files === 0) await pages.write(this.#writer, true)
    })
  }

  /** Waits for what is being written, whatever comes of it. */
  async settled(): Promise<void> {
    await this.#turns
    await this.#behind.settled()
  }

  // Files of a table keep the order of its rows, whoever asks for the writing.
  #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turns.then(run)
    this.#turns = turn.catch(() => undefined)
    return turn
  }

  async #write(pages: TablePages): Promise<void> {
    const before = pages.measuredBytes
    const written = pages.write(this.#writer)
    // What comes while the file is written is counted when it comes.
    this.#waitingBytes += pages.measuredBytes - before
    await written
  }

  #largest(): TablePages[] {
    return [...this.#pages].sort((left, right) => right.measuredBytes - left.measuredBytes).slice(0, 1)
  }
}
