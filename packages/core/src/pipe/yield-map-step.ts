import { isPage } from '../items/item-kinds.ts'
import { Delivery } from './delivery.ts'
import { type StepPlace, StepReceiver } from './pipe-step-receiver.ts'

/** Puts any number of items in the place of each. They go on one by one, whether the item was of a page or not. */
export class YieldMapStep extends StepReceiver {
  readonly #expand: (item: unknown) => unknown
  readonly #delivery: Delivery
  #pending: Promise<void> | undefined

  constructor(place: StepPlace, expand: (item: unknown) => unknown) {
    super(place)
    this.#expand = expand
    this.#delivery = new Delivery(place, false)
  }

  add(item: unknown): boolean {
    const pending = this.#expanded(item)
    if (pending === undefined) return false
    this.#pending = pending
    // Nobody asks for it any more when the extract fails elsewhere.
    pending.catch(() => undefined)
    return true
  }

  override async drain(): Promise<void> {
    const pending = this.#pending
    this.#pending = undefined
    try {
      await pending
    } catch (error) {
      throw this.failure(error)
    }
  }

  override beginPage(): void {}

  override endPage(isEmpty: boolean): void {
    if (!isEmpty) return
    this.next.beginPage()
    this.next.endPage(true)
  }

  // What an item becomes is produced while it is handed on: errors of both come from here, and those of others have a name.
  #expanded(item: unknown): Promise<void> | undefined {
    try {
      const result = this.#expand(item)
      const isList = typeof result === 'object' && result !== null && isPage(result)
      return this.#delivery.deliver(isList ? result[Symbol.iterator]() : result)
    } catch (error) {
      throw this.failure(error)
    }
  }
}
