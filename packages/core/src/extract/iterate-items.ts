import { withoutContext } from './async-context.ts'
import { isAsyncIterable, isIterator, isPage, isPromise } from './item-kinds.ts'
import { closeItems, openData } from './open-data.ts'

/** The items of data one by one, for a reader who asks for them; pages are opened. */
export async function* iterateItems(data: unknown): AsyncGenerator<unknown, void, undefined> {
  const items = await openData(data, withoutContext)
  let suspended = false
  try {
    for (;;) {
      suspended = false
      const result = await items.next()
      if (result.done === true) return
      suspended = true
      yield* expand(isPromise(result.value) ? await result.value : result.value)
    }
  } finally {
    if (suspended) await closeItems(items, withoutContext)
  }
}

async function* expand(value: unknown): AsyncGenerator<unknown, void, undefined> {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') yield value
  else if (isIterator(value) || isAsyncIterable(value)) yield* iterateItems(value)
  else if (isPage(value)) {
    for (const element of value) {
      const item: unknown = isPromise(element) ? await element : element
      if (item !== undefined && item !== null) yield item
    }
  } else yield value
}
