import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunInContext } from '../items/async-context.ts'
import { isPromise } from '../items/item-kinds.ts'
import type { Items } from './open-data.ts'

/** Takes a value; what must be awaited before the next one, if anything. */
export type TakeValue = (value: unknown) => Promise<void> | undefined

/** Says when nothing more is wanted. */
export interface Closable {
  readonly isClosed: boolean
}

/** Iterators that are read, to be closed when the extract fails elsewhere. */
export type OpenPumps = Set<ItemPump>

/** Values that are read without looking at timers and at other resources. */
export const valuesInARow = 1000

/**
 * Reads an iterator, synchronous or not, and hands on its values. It waits only where something must be awaited, so that a
 * synchronous generator costs no promise per value. An iterator that is left before its end is closed; one that fails itself is not.
 */
export class ItemPump {
  readonly #items: Items
  readonly #take: TakeValue
  readonly #flow: Closable
  readonly #inContext: RunInContext
  #isDone = false

  constructor(items: Items, take: TakeValue, flow: Closable, inContext: RunInContext) {
    this.#items = items
    this.#take = take
    this.#flow = flow
    this.#inContext = inContext
  }

  /** Whether the iterator is at its end, closed, or failed. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Reads up to so many values; what must be awaited before it is called again, if anything. Called inside of the context. */
  run(most: number): Promise<void> | undefined {
    for (let read = 0; read < most && !this.#isDone; read++) {
      if (this.#flow.isClosed) return this.#close()
      const result = this.#next()
      if (isPromise(result)) return this.#takeLater(result)
      if (result.done === true) this.#isDone = true
      else {
        const pending = this.#taken(result.value)
        if (pending !== undefined) return this.#closedOnError(pending)
      }
    }
    return undefined
  }

  /** Reads to the end; `undefined` when that was possible without waiting. */
  toEnd(open: OpenPumps): Promise<void> | undefined {
    const pending = this.run(valuesInARow)
    return this.#isDone && pending === undefined ? undefined : this.#rest(pending, open)
  }

  /** Closes the iterator where it is, so that its `finally` blocks run; nothing when it is done. */
  async close(): Promise<void> {
    await this.#inContext(() => this.#close())
  }

  async #rest(first: Promise<void> | undefined, open: OpenPumps): Promise<void> {
    open.add(this)
    try {
      await first
      let sinceTurn = 0
      while (!this.#isDone) {
        const pending = this.run(valuesInARow)
        sinceTurn = pending === undefined ? valuesInARow : sinceTurn + 1
        if (pending !== undefined) await pending
        if (sinceTurn < valuesInARow) continue
        sinceTurn = 0
        await nextTurn()
      }
    } finally {
      open.delete(this)
    }
  }

  #next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>> {
    try {
      return this.#items.next()
    } catch (error) {
      this.#isDone = true
      throw error
    }
  }

  #taken(value: unknown): Promise<void> | undefined {
    try {
      return this.#take(value)
    } catch (error) {
      return this.#closedAfter(error)
    }
  }

  async #takeLater(pending: PromiseLike<IteratorResult<unknown>>): Promise<void> {
    const result = await this.#arrived(pending)
    if (result.done === true || this.#isDone) {
      this.#isDone = true
      return
    }
    const taken = this.#taken(result.value)
    if (taken !== undefined) await this.#closedOnError(taken)
  }

  async #arrived(pending: PromiseLike<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> {
    try {
      return await pending
    } catch (error) {
      this.#isDone = true
      throw error
    }
  }

  async #closedOnError(pending: Promise<void>): Promise<void> {
    try {
      await pending
    } catch (error) {
      await this.#closedAfter(error)
    }
  }

  // The first error is the one to report; what fails while cleaning up after it would only hide it.
  async #closedAfter(error: unknown): Promise<never> {
    try {
      await this.#close()
    } catch {
      throw error
    }
    throw error
  }

  #close(): Promise<void> | undefined {
    if (this.#isDone) return undefined
    this.#isDone = true
    const closed: unknown = this.#items.return?.()
    return isPromise(closed) ? Promise.resolve(closed).then(() => undefined) : undefined
  }
}
