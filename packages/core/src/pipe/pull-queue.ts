import type { ItemReceiver } from '../items/item-receiver.ts'

/** Items for somebody who asks for them: who brings one waits until it is taken and another is wanted. */
export class PullQueue implements ItemReceiver {
  readonly #items: unknown[] = []
  #isEnded = false
  #waiting: (() => void)[] = []
  #wake: (() => void) | undefined

  add(item: unknown): boolean {
    this.#items.push(item)
    this.#arrived()
    return !this.#isEnded
  }

  drain(): Promise<void> {
    if (this.#isEnded) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  /** No more items come, or are wanted. */
  end(): void {
    this.#isEnded = true
    this.#arrived()
    this.#letBring()
  }

  /** Waits for an item; false when no more come. */
  async hasNext(): Promise<boolean> {
    while (this.#items.length === 0 && !this.#isEnded) {
      const arrival = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#letBring()
      await arrival
    }
    return this.#items.length > 0
  }

  /** Takes the next item. */
  take(): unknown {
    return this.#items.shift()
  }

  #letBring(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #arrived(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
