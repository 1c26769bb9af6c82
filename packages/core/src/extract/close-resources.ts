import type { Resource } from '../declare/resource.ts'
import type { RunInContext } from '../items/async-context.ts'
import { isIterator } from '../items/item-kinds.ts'
import { closeItems, type Items, wasRead } from '../pipe/open-data.ts'

/**
 * Ends the iterators that resources were made of and that were not read: after an error elsewhere nobody will read them.
 * What fails here is left alone, so that the first error is the one that is reported.
 */
export async function closeResources(resources: readonly Resource[], inContext: RunInContext): Promise<void> {
  for (const { content } of resources) {
    if (content.kind !== 'items') continue
    const candidates: readonly unknown[] = Array.isArray(content.data) ? content.data : [content.data]
    for (const iterator of candidates.filter(isUnreadIterator)) {
      await closeItems(iterator, inContext).catch(() => undefined)
    }
  }
}

function isUnreadIterator(value: unknown): value is Items {
  return typeof value === 'object' && value !== null && isIterator(value) && !wasRead(value)
}
