import { StepReceiver } from './pipe-step-receiver.ts'

/** A step whose function may be asynchronous: the next item waits until the answer for this one is there. */
export abstract class ParkedStep extends StepReceiver {
  #parked: PromiseLike<unknown> | undefined

  /** Keeps an answer that is not there yet; always true, so that `drain` is called. */
  protected park(answer: PromiseLike<unknown>): true {
    this.#parked = answer
    // Nobody asks for it any more when the extract fails elsewhere.
    answer.then(undefined, () => undefined)
    return true
  }

  /** Goes on with an answer; says what `add` would. */
  protected abstract proceed(answer: unknown): boolean

  override async drain(): Promise<void> {
    const parked = this.#parked
    if (parked === undefined) return this.next.drain()
    this.#parked = undefined
    if (this.proceed(await this.#settled(parked))) await this.next.drain()
  }

  async #settled(answer: PromiseLike<unknown>): Promise<unknown> {
    try {
      return await answer
    } catch (error) {
      throw this.failure(error)
    }
  }
}
