import type { ItemOrigin, PipeReceiver } from './pipe-receiver.ts'

/**
 * Where several resources feed one transformer: their items go on one after another, and a page of one is none here, because items
 * of another may come between.
 */
export class Junction implements PipeReceiver {
  readonly #next: PipeReceiver
  #openSources: number
  #isFull = false
  #draining: Promise<void> | undefined
  // What was added while there was no room; at most one item of each source, for they wait, too.
  readonly #waiting: { readonly item: unknown; readonly origin: ItemOrigin | undefined }[] = []

  constructor(next: PipeReceiver, sources: number) {
    this.#next = next
    this.#openSources = sources
  }

  add(item: unknown, origin?: ItemOrigin): boolean {
    if (this.#isFull) this.#waiting.push({ item, origin })
    else this.#isFull = this.#next.add(item, origin)
    return this.#isFull
  }

  drain(): Promise<void> {
    this.#draining ??= this.#drainAll()
    return this.#draining
  }

  beginPage(): void {}

  endPage(): void {}

  /** Hands the end on when it came from all sources. */
  async finish(): Promise<void> {
    this.#openSources--
    if (this.#openSources === 0) await this.#next.finish()
  }

  async #drainAll(): Promise<void> {
    await this.#next.drain()
    for (let first = this.#waiting.shift(); first !== undefined; first = this.#waiting.shift()) {
      if (this.#next.add(first.item, first.origin)) await this.#next.drain()
    }
    this.#isFull = false
    this.#draining = undefined
  }
}
