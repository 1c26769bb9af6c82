import type { RunInContext } from './async-context.ts'
import { isAsyncIterable, isIterator, isPage, isPlainItem, isPromise } from './item-kinds.ts'
import { closeItems, type Items, openData } from './open-data.ts'

/** Takes items as fast as it can and says when it is full. */
export interface ItemReceiver {
  /** Takes an item. True when {@link drain} must be awaited before the next one. */
  add(item: unknown): boolean
  /** Makes room: writes what was collected. */
  drain(): Promise<void>
  /** A page without any item was yielded. Absent where that means nothing. */
  emptyPage?(): void
}

/**
 * Hands every item of the data to the receiver, in order, page or single, and waits whenever the receiver is full.
 * An iterator that is left before its end is closed; one that fails itself needs no closing.
 */
export async function readItems(data: unknown, receiver: ItemReceiver, inContext: RunInContext): Promise<void> {
  const items = await openData(data, inContext)
  const next = (): IteratorResult<unknown> | Promise<IteratorResult<unknown>> => items.next()
  for (;;) {
    const step = inContext(next)
    const result = isPromise(step) ? await step : step
    if (result.done === true) return
    try {
      const pending = deliver(result.value, receiver, inContext)
      if (pending !== undefined) await pending
    } catch (error) {
      await closeAfterError(items, inContext)
      throw error
    }
  }
}

// The first error is the one to report; what fails while cleaning up after it would only hide it.
async function closeAfterError(items: Items, inContext: RunInContext): Promise<void> {
  await closeItems(items, inContext).catch(() => undefined)
}

// Without a promise for the usual item: awaiting one per row costs more than shredding it.
function deliver(value: unknown, receiver: ItemReceiver, inContext: RunInContext): Promise<void> | undefined {
  if (isPlainItem(value)) return receiver.add(value) ? receiver.drain() : undefined
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return receiver.add(value) ? receiver.drain() : undefined
  if (isPromise(value)) return deliverLater(value, receiver, inContext)
  if (isIterator(value) || isAsyncIterable(value)) return readItems(value, receiver, inContext)
  if (isPage(value)) return deliverPage(value, receiver, inContext)
  return receiver.add(value) ? receiver.drain() : undefined
}

async function deliverLater(
  value: PromiseLike<unknown>,
  receiver: ItemReceiver,
  inContext: RunInContext,
): Promise<void> {
  await deliver(await value, receiver, inContext)
}

async function deliverPage(page: Iterable<unknown>, receiver: ItemReceiver, inContext: RunInContext): Promise<void> {
  for (const element of page) {
    const item = isPromise(element) ? await inContext(() => element) : element
    if (item === undefined || item === null) continue
    if (receiver.add(item)) await receiver.drain()
  }
}
