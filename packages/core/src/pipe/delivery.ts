import { type ItemMark, isMarkedItem, type MarkedItem } from '../hints/marked-item.ts'
import type { RunInContext } from '../items/async-context.ts'
import { isAsyncIterable, isIterator, isPage, isPlainItem, isPromise } from '../items/item-kinds.ts'
import { ItemPump, type OpenPumps, type TakeValue } from './item-pump.ts'
import { allowLateRejections } from './late-rejections.ts'
import { isMarker } from './marks.ts'
import type { Items } from './open-data.ts'
import type { PipeExit } from './pipe-exit.ts'
import type { PipeFlow } from './pipe-flow.ts'
import type { PipeReceiver } from './pipe-receiver.ts'

/** What values are delivered to. */
export interface DeliveryTarget {
  /** Takes the items. */
  readonly receiver: PipeReceiver
  /** The end of the same pipe: what steps must not see goes there. */
  readonly exit: PipeExit
  readonly flow: PipeFlow
  readonly inContext: RunInContext
  readonly open: OpenPumps
}

/**
 * Hands on whatever may be yielded or returned, item by item: pages, promises and iterators are opened. The usual item costs no
 * promise; what must be awaited before the next value is returned.
 */
export class Delivery {
  readonly #target: DeliveryTarget
  readonly #receiver: PipeReceiver
  readonly #flow: PipeFlow
  readonly #isEntry: boolean
  #isPageEmpty = false
  // Steps may mark what they make of one item, and not what they make of the next.
  #mark: ItemMark | undefined
  readonly #takeValue: TakeValue = (value) => this.#next(value)
  readonly #takeElement: TakeValue = (element) => this.#element(element)

  /** @param isEntry whether values enter the pipe here: then they are counted, and begin without a mark */
  constructor(target: DeliveryTarget, isEntry: boolean) {
    this.#target = target
    this.#receiver = target.receiver
    this.#flow = target.flow
    this.#isEntry = isEntry
  }

  /** Hands on a value; what must be awaited before the next one, if anything. */
  deliver(value: unknown): Promise<void> | undefined {
    if (!this.#isEntry) this.#mark = this.#flow.mark
    return this.#next(value)
  }

  #next(value: unknown): Promise<void> | undefined {
    if (isPlainItem(value)) return this.#item(value)
    if (typeof value !== 'object' || value === null) return undefined
    if (isPromise(value)) return this.#later(value)
    if (isMarker(value)) return this.#marker(value)
    if (isIterator(value) || isAsyncIterable(value)) return this.#items(value)
    return isPage(value) ? this.#page(value) : this.#item(value)
  }

  #item(item: unknown): Promise<void> | undefined {
    this.#isPageEmpty = false
    if (this.#isEntry) this.#flow.items++
    this.#flow.mark = this.#mark
    return this.#receiver.add(item) ? this.#receiver.drain() : undefined
  }

  async #later(value: PromiseLike<unknown>): Promise<void> {
    await this.#next(await value)
  }

  #marker(value: object): Promise<void> | undefined {
    if (isMarkedItem(value)) return this.#marked(value, this.#takeValue)
    const { exit } = this.#target
    this.#flow.mark = this.#mark
    return exit.addMarker(value) ? exit.drain() : undefined
  }

  #marked({ item, mark }: MarkedItem, take: TakeValue): Promise<void> | undefined {
    const before = this.#mark
    this.#mark = mark
    const pending = take(item)
    if (pending !== undefined) return this.#unmarkAfter(pending, before)
    this.#mark = before
    return undefined
  }

  async #unmarkAfter(pending: Promise<void>, before: ItemMark | undefined): Promise<void> {
    await pending
    this.#mark = before
  }

  #items(value: Items | AsyncIterable<unknown>): Promise<void> | undefined {
    const { inContext, open } = this.#target
    const items = isIterator(value) ? value : value[Symbol.asyncIterator]()
    return new ItemPump(items, this.#takeValue, this.#flow, inContext).toEnd(open)
  }

  #page(page: Iterable<unknown>): Promise<void> | undefined {
    const { inContext, open } = this.#target
    if (this.#isEntry) this.#flow.beginPage()
    this.#isPageEmpty = true
    this.#receiver.beginPage()
    const elements = page instanceof Set ? [...page] : page
    const pending = Array.isArray(elements)
      ? this.#list(elements)
      : new ItemPump(elements[Symbol.iterator](), this.#takeElement, this.#flow, inContext).toEnd(open)
    if (pending !== undefined) return pending.then(() => this.#endPage())
    this.#endPage()
    return undefined
  }

  // A list is nearly every page: it needs neither an iterator nor closing.
  #list(list: readonly unknown[]): Promise<void> | undefined {
    for (let index = 0; index < list.length && !this.#flow.isClosed; index++) {
      const pending = this.#element(list[index])
      if (pending === undefined) continue
      allowLateRejections(list)
      return this.#restOfList(list, index + 1, pending)
    }
    return undefined
  }

  async #restOfList(list: readonly unknown[], from: number, first: Promise<void>): Promise<void> {
    await first
    for (let index = from; index < list.length && !this.#flow.isClosed; index++) {
      const pending = this.#element(list[index])
      if (pending !== undefined) await pending
    }
  }

  #endPage(): void {
    this.#receiver.endPage(this.#isPageEmpty)
    if (this.#isEntry) this.#flow.endPage()
  }

  // What stands in a page is an item, whatever it is.
  #element(element: unknown): Promise<void> | undefined {
    if (element === undefined || element === null) return undefined
    if (typeof element !== 'object' || Object.getPrototypeOf(element) === Object.prototype) return this.#item(element)
    if (isPromise(element)) return this.#elementLater(element)
    if (!isMarker(element)) return this.#item(element)
    return isMarkedItem(element) ? this.#marked(element, this.#takeElement) : this.#marker(element)
  }

  async #elementLater(element: PromiseLike<unknown>): Promise<void> {
    await this.#element(await element)
  }
}
