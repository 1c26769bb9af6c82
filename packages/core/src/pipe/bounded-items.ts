import type { LimitFunction } from 'p-limit'
import { isPromise } from '../items/item-kinds.ts'
import type { Closable } from './item-pump.ts'
import type { Items } from './open-data.ts'
import type { PipeRun } from './pipe-run.ts'

/**
 * The values of a parallelized resource, asked for only while there is a place for their work, of all resources together: a promise
 * keeps its place until it is settled, whoever takes its result and when.
 */
export class BoundedItems implements AsyncIterator<unknown> {
  readonly #items: Items
  readonly #flow: Closable
  readonly #bounds: readonly LimitFunction[]
  /** Places that are taken, to be given back. */
  readonly #taken = new Set<() => void>()
  #isClosed = false

  constructor(items: Items, flow: Closable, run: PipeRun) {
    this.#items = items
    this.#flow = flow
    this.#bounds = run.bounds
    // Who waits for a place must not wait for work that nobody wants any more.
    run.onStop(() => {
      for (const release of this.#taken) release()
    })
  }

  async next(): Promise<IteratorResult<unknown>> {
    const release = await this.#place()
    try {
      if (this.#flow.isClosed) return await this.#ended(release)
      const result = await this.#items.next()
      if (result.done !== true && isPromise(result.value)) result.value.then(release, release)
      else release()
      return result
    } catch (error) {
      release()
      throw error
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    if (!this.#isClosed) {
      this.#isClosed = true
      await this.#items.return?.()
    }
    return { done: true, value: undefined }
  }

  #ended(release: () => void): Promise<IteratorResult<unknown>> {
    release()
    return this.return()
  }

  async #place(): Promise<() => void> {
    const places: (() => void)[] = []
    const release = (): void => {
      this.#taken.delete(release)
      for (const give of places) give()
    }
    this.#taken.add(release)
    for (const bound of this.#bounds) places.push(await placeOf(bound))
    return release
  }
}

/** Takes a place; what gives it back. */
function placeOf(bound: LimitFunction): Promise<() => void> {
  return new Promise((taken, failed) => {
    bound(() => new Promise<void>((give) => taken(give))).catch(failed)
  })
}
