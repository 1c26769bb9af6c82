import type { TakeValue } from './item-pump.ts'
import { allowLateRejections } from './late-rejections.ts'

/** Values on their way from those who make them to one who takes them, bounded. */
export class ValueQueue {
  readonly #capacity: number
  readonly #values: unknown[] = []
  #isEnded = false
  #wakeTaker: (() => void) | undefined
  #wakeMakers: (() => void)[] = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Adds a value; when the queue is full, what must be awaited before the next one. */
  push(value: unknown): Promise<void> | undefined {
    allowLateRejections(value)
    this.#values.push(value)
    this.#wake()
    if (this.#values.length < this.#capacity || this.#isEnded) return undefined
    return new Promise((resolve) => {
      this.#wakeMakers.push(resolve)
    })
  }

  /** No more values are wanted, or come: nobody waits any longer. */
  end(): void {
    this.#isEnded = true
    this.#wake()
    this.#makeRoom()
  }

  /** Takes all values in order, until the end. */
  async takeAll(take: TakeValue): Promise<void> {
    for (;;) {
      while (this.#values.length > 0) {
        const pending = take(this.#values.shift())
        this.#makeRoom()
        if (pending !== undefined) await pending
      }
      if (this.#isEnded) return
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve
      })
    }
  }

  #makeRoom(): void {
    if (this.#wakeMakers.length === 0 || (this.#values.length >= this.#capacity && !this.#isEnded)) return
    const makers = this.#wakeMakers
    this.#wakeMakers = []
    for (const wake of makers) wake()
  }

  #wake(): void {
    const wake = this.#wakeTaker
    this.#wakeTaker = undefined
    wake?.()
  }
}
