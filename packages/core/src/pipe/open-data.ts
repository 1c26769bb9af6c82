import { DltError } from '@dlt/schema'
import type { RunInContext } from '../items/async-context.ts'
import { isAsyncIterable, isIterator, isPage, isPromise } from '../items/item-kinds.ts'
import { allowLateRejections } from './late-rejections.ts'

/** Items one after another; a value may still be a page, a promise or an iterator. */
export type Items = Iterator<unknown> | AsyncIterator<unknown>

// Iterators that were read once give nothing more: a second extract would silently load nothing, or empty a table.
const readIterators = new WeakSet<object>()

/**
 * Begins to read data: calls functions, waits for promises, and gives an iterator, at once where nothing must be waited for. What is
 * no list and no iterator is one item.
 * @throws DltError `DATA` when there is no data or an iterator was read before
 */
export function openData(data: unknown, inContext: RunInContext): Items | Promise<Items> {
  if (typeof data === 'function')
    return openData(
      inContext(() => data()),
      inContext,
    )
  if (data === undefined || data === null) {
    throw new DltError(
      'The function returned no data. Return a list or an iterable, or make it a generator that yields items; return [] when there is nothing to load.',
      { code: 'DATA' },
    )
  }
  if (typeof data !== 'object') return [data][Symbol.iterator]()
  if (isPromise(data)) return openLater(data, inContext)
  if (isIterator(data)) return openIterator(data)
  if (isAsyncIterable(data)) return inContext(() => data[Symbol.asyncIterator]())
  allowLateRejections(data)
  if (isPage(data)) return inContext(() => data[Symbol.iterator]())
  return [data][Symbol.iterator]()
}

async function openLater(data: PromiseLike<unknown>, inContext: RunInContext): Promise<Items> {
  return openData(await data, inContext)
}

function openIterator(iterator: Items): Items {
  if (readIterators.has(iterator)) {
    throw new DltError(
      'The iterator was read before and has no more items. Pass the (generator) function instead of what it returned: it is called again each time.',
      { code: 'DATA' },
    )
  }
  readIterators.add(iterator)
  return iterator
}

/** Whether an iterator was opened before; it is read to its end or closed by whoever opened it. */
export function wasRead(iterator: Items): boolean {
  return readIterators.has(iterator)
}

/** Ends an iterator early, so that its `finally` blocks run. */
export async function closeItems(items: Items, inContext: RunInContext): Promise<void> {
  if (items.return !== undefined) await inContext(() => items.return?.())
}
