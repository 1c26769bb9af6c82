import { isPromise } from '../items/item-kinds.ts'
import { ParkedStep } from './parked-step.ts'
import type { StepPlace } from './pipe-step-receiver.ts'

/** Lets those items pass for which the answer is truthy. */
export class FilterStep extends ParkedStep {
  readonly #keep: (item: unknown) => unknown
  #waiting: unknown

  constructor(place: StepPlace, keep: (item: unknown) => unknown) {
    super(place)
    this.#keep = keep
  }

  add(item: unknown): boolean {
    const answer = this.#answer(item)
    if (!isPromise(answer)) return answer ? this.next.add(item) : false
    this.#waiting = item
    return this.park(answer)
  }

  protected proceed(answer: unknown): boolean {
    const item = this.#waiting
    this.#waiting = undefined
    return answer ? this.next.add(item) : false
  }

  #answer(item: unknown): unknown {
    try {
      return this.#keep(item)
    } catch (error) {
      throw this.failure(error)
    }
  }
}
