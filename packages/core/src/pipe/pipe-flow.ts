import type { ItemMark } from '../hints/marked-item.ts'

/** How far the reading of one resource has come, and whether it goes on. */
export class PipeFlow {
  /** Items that came so far. */
  items = 0
  /** Pages that came so far, with the one in work. */
  pages = 0
  /** Whether nothing more is wanted: the generator is closed before its next value. */
  isClosed = false
  /** What is said about the item in work beside its data; steps do not see it. */
  mark: ItemMark | undefined
  /** What the end of the pipe was told last. */
  toldMark: ItemMark | undefined
  #itemsBeforePage: number | undefined

  /** Counts a page; items belong to it until it ends. */
  beginPage(): void {
    this.pages++
    this.#itemsBeforePage = this.items
  }

  /** The page in work is complete. */
  endPage(): void {
    this.#itemsBeforePage = undefined
  }

  /** The item in work, for errors: its number, within its page where it is of one. */
  get place(): string {
    const before = this.#itemsBeforePage
    return before === undefined ? `item ${this.items}` : `item ${this.items - before} of page ${this.pages}`
  }

  /** What was read, for errors. */
  get amount(): string {
    const items = counted(this.items, 'item')
    return this.pages === 0 ? items : `${items} in ${counted(this.pages, 'page')}`
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
