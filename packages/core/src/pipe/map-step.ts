import { isPromise } from '../items/item-kinds.ts'
import { withoutMark } from './marks.ts'
import { ParkedStep } from './parked-step.ts'
import type { StepPlace } from './pipe-step-receiver.ts'

/** Puts another item in the place of each; `undefined` and `null` go no further. */
export class MapStep extends ParkedStep {
  readonly #apply: (item: unknown) => unknown

  constructor(place: StepPlace, apply: (item: unknown) => unknown) {
    super(place)
    this.#apply = apply
  }

  add(item: unknown): boolean {
    const result = this.#applied(item)
    return isPromise(result) ? this.park(result) : this.proceed(result)
  }

  protected proceed(result: unknown): boolean {
    return result === undefined || result === null ? false : this.next.add(withoutMark(result, this.place.flow))
  }

  #applied(item: unknown): unknown {
    try {
      return this.#apply(item)
    } catch (error) {
      throw this.failure(error)
    }
  }
}
