import type { PipeStep } from '../items/pipe-step.ts'
import { type StepPlace, StepReceiver } from './pipe-step-receiver.ts'

/** How much is read. */
export type Limit = Extract<PipeStep, { readonly kind: 'limit' }>

/**
 * Counts yields, or rows, and ends the reading when there are enough. A page is never cut: the last one passes as a whole, and
 * nothing after it does. A page that came empty counts; one of which steps let nothing pass does not, as single items do not.
 */
export class LimitStep extends StepReceiver {
  readonly #maxItems: number
  readonly #countRows: boolean
  readonly #endsAt: number
  #count = 0
  #isInPage = false
  #hasItems = false

  constructor(place: StepPlace, { maxItems, maxSeconds, countRows }: Limit) {
    super(place)
    this.#maxItems = maxItems ?? Number.POSITIVE_INFINITY
    this.#countRows = countRows
    this.#endsAt = maxSeconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + maxSeconds * 1000
    if (this.#maxItems === 0) this.#close()
  }

  add(item: unknown): boolean {
    this.#hasItems = true
    if (!this.#isInPage || this.#countRows) this.#count++
    if (!this.#isInPage) this.#closeWhenReached()
    return this.next.add(item)
  }

  override beginPage(): void {
    this.#isInPage = true
    this.#hasItems = false
    this.next.beginPage()
  }

  override endPage(isEmpty: boolean): void {
    this.#isInPage = false
    if (this.#hasItems || isEmpty) {
      if (!this.#countRows) this.#count++
      this.#closeWhenReached()
    }
    this.next.endPage(isEmpty)
  }

  #closeWhenReached(): void {
    const isReached = this.#count >= this.#maxItems
    // Asking for the time costs more than the item: only where there is a limit to it.
    if (isReached || (this.#endsAt !== Number.POSITIVE_INFINITY && performance.now() > this.#endsAt)) this.#close()
  }

  #close(): void {
    this.place.flow.isClosed = true
  }
}
