import type { RunInContext } from '../items/async-context.ts'
import { isAsyncIterable, isIterator } from '../items/item-kinds.ts'
import { Delivery, type DeliveryTarget } from './delivery.ts'
import { ItemPump } from './item-pump.ts'
import type { Items } from './open-data.ts'
import type { ItemOrigin, PipeReceiver } from './pipe-receiver.ts'
import type { PipeRun } from './pipe-run.ts'
import { placeOf } from './transform-call.ts'
import { ValueQueue } from './value-queue.ts'

/** How items are taken at once. */
export interface Concurrency {
  /** How many at once. */
  readonly concurrency: number
  /** Whether what becomes of them goes on in their order. */
  readonly ordered: boolean
  /** Gives data for an item. */
  data(item: unknown): unknown
  /** The error of what was thrown for the item at the place. */
  failure(error: unknown, place: string): unknown
}

/** What was made of an item, or of all where there is no order, and the place of the item that came last. */
interface Results {
  readonly queue: ValueQueue
  place: string
}

/**
 * Takes several items at once and hands on what becomes of them from one place, so that what comes after sees one item after
 * another. In order, finished items wait for those before them, twice as many as are worked on at most.
 */
export class ConcurrentStep implements PipeReceiver {
  readonly #work: Concurrency
  readonly #target: DeliveryTarget
  readonly #delivery: Delivery
  readonly #inContext: RunInContext
  readonly #run: PipeRun
  /** Results that have not gone on: one queue for each item in order, or one for all. */
  readonly #results: Results[] = []
  #running = 0
  #delivering: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(work: Concurrency, target: DeliveryTarget, run: PipeRun) {
    this.#work = work
    this.#target = target
    this.#delivery = new Delivery(target, true)
    this.#inContext = target.inContext
    this.#run = run
    run.onStop(() => this.#stop())
  }

  add(item: unknown, origin?: ItemOrigin): boolean {
    this.#running++
    const place = placeOf(origin)
    const { queue } = this.#resultsOfNext(place)
    this.#delivering ??= this.#deliverBeside()
    this.#inContext(() => this.#workOn(item, place, queue)).catch((error: unknown) => this.#run.fail(error))
    return !this.#hasRoom
  }

  async drain(): Promise<void> {
    while (!this.#hasRoom && !this.#run.isStopped) await this.#change()
  }

  beginPage(): void {}

  endPage(): void {}

  async finish(): Promise<void> {
    while (this.#running > 0 && !this.#run.isStopped) await this.#change()
    if (!this.#work.ordered) this.#results[0]?.queue.end()
    await this.#delivering
    await this.#inContext(() => this.#target.receiver.finish())
  }

  get #hasRoom(): boolean {
    const { concurrency } = this.#work
    return this.#running < concurrency && this.#results.length < 2 * concurrency
  }

  #resultsOfNext(place: string): Results {
    const [shared] = this.#results
    if (!this.#work.ordered && shared !== undefined) {
      shared.place = place
      return shared
    }
    const results = { queue: new ValueQueue(this.#work.concurrency), place }
    this.#results.push(results)
    return results
  }

  async #workOn(item: unknown, place: string, results: ValueQueue): Promise<void> {
    try {
      await this.#read(await this.#work.data(item), results)
    } catch (error) {
      // What was read ahead when the reading ended may fail unheard: nobody wants it any more.
      if (!this.#target.flow.isClosed) throw this.#work.failure(error, place)
    }
    if (this.#work.ordered) results.end()
    this.#running--
    this.#changed()
  }

  #read(data: unknown, results: ValueQueue): Promise<void> | undefined {
    if (typeof data !== 'object' || data === null) return results.push(data)
    if (!isIterator(data) && !isAsyncIterable(data)) return results.push(data)
    const items: Items = isIterator(data) ? data : data[Symbol.asyncIterator]()
    const push = (value: unknown): Promise<void> | undefined => results.push(value)
    return new ItemPump(items, push, this.#target.flow, this.#inContext).toEnd(this.#run.open)
  }

  #deliverBeside(): Promise<void> {
    const delivering = this.#inContext(() => this.#deliverAll())
    this.#run.follow(delivering)
    return delivering
  }

  async #deliverAll(): Promise<void> {
    try {
      for (let first = this.#results[0]; first !== undefined; first = this.#results[0]) {
        const { queue } = first
        await queue.takeAll((value) => this.#deliver(value))
        this.#results.shift()
        this.#changed()
      }
    } catch (error) {
      this.#run.fail(this.#work.failure(error, this.#results[0]?.place ?? 'an item'))
    }
    this.#delivering = undefined
  }

  // What was read ahead when the reading ended is not wanted any more.
  #deliver(value: unknown): Promise<void> | undefined {
    return this.#target.flow.isClosed ? undefined : this.#delivery.deliver(value)
  }

  // Nobody may be left waiting for what will not come.
  #stop(): void {
    for (const { queue } of this.#results) queue.end()
    this.#changed()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #changed(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
