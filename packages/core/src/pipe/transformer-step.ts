import type { RunInContext } from '../items/async-context.ts'
import { Delivery, type DeliveryTarget } from './delivery.ts'
import type { ItemOrigin, PipeReceiver } from './pipe-receiver.ts'
import { placeOf, type TransformCall } from './transform-call.ts'

/** A transformer that takes one item after another: the next one waits until everything of this one has gone on. */
export class TransformerStep implements PipeReceiver {
  readonly #call: TransformCall
  readonly #next: PipeReceiver
  readonly #delivery: Delivery
  readonly #inContext: RunInContext
  #pending: Promise<void> | undefined
  #origin: ItemOrigin | undefined

  constructor(call: TransformCall, target: DeliveryTarget) {
    this.#call = call
    this.#next = target.receiver
    this.#delivery = new Delivery(target, true)
    this.#inContext = target.inContext
  }

  add(item: unknown, origin?: ItemOrigin): boolean {
    this.#origin = origin
    this.#pending = this.#inContext(() => this.#transformed(item))
    // Nobody asks for it any more when the extract fails elsewhere.
    this.#pending?.catch(() => undefined)
    return this.#pending !== undefined
  }

  async drain(): Promise<void> {
    const pending = this.#pending
    this.#pending = undefined
    try {
      await pending
    } catch (error) {
      throw this.#call.failure(error, placeOf(this.#origin))
    }
  }

  beginPage(): void {}

  endPage(): void {}

  finish(): Promise<void> {
    return this.#inContext(() => this.#next.finish())
  }

  #transformed(item: unknown): Promise<void> | undefined {
    try {
      return this.#delivery.deliver(this.#call.data(item))
    } catch (error) {
      throw this.#call.failure(error, placeOf(this.#origin))
    }
  }
}
