import type { IncrementalRun } from '../incremental/cursor-run.ts'
import { type StepPlace, StepReceiver } from './pipe-step-receiver.ts'

// Items that are yielded one by one are taken together, so that the work at a page's end is not done for each.
const itemsTogether = 1000

/** Lets only new items pass, and ends the reading where they are known to have ended. */
export class IncrementalStep extends StepReceiver {
  readonly #cursor: IncrementalRun
  readonly #closes: boolean
  #admitted = 0
  #isInPage = false

  /** @param closes whether the reading can be ended; a transformer has to take all items of its parents */
  constructor(place: StepPlace, cursor: IncrementalRun, closes: boolean) {
    super(place)
    this.#cursor = cursor
    this.#closes = closes
  }

  add(item: unknown): boolean {
    if (!this.#isNew(item)) {
      if (!this.#isInPage) this.#closeAtEnd()
      return false
    }
    if (++this.#admitted === itemsTogether) this.#takeTogether()
    return this.next.add(item)
  }

  override beginPage(): void {
    this.#isInPage = true
    this.next.beginPage()
  }

  override endPage(isEmpty: boolean): void {
    this.#isInPage = false
    this.#takeTogether()
    this.#closeAtEnd()
    this.next.endPage(isEmpty)
  }

  override finish(): Promise<void> {
    this.#takeTogether()
    return this.next.finish()
  }

  #takeTogether(): void {
    this.#admitted = 0
    try {
      this.#cursor.endPage()
    } catch (error) {
      throw this.failure(error, `up to ${this.place.flow.place}`)
    }
  }

  #closeAtEnd(): void {
    if (this.#closes && this.#cursor.canClose) this.place.flow.isClosed = true
  }

  #isNew(item: unknown): boolean {
    try {
      return this.#cursor.admit(item)
    } catch (error) {
      throw this.failure(error)
    }
  }
}
