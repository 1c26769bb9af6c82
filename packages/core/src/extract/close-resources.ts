import type { RunInContext } from './async-context.ts'
import { isIterator } from './item-kinds.ts'
import { closeItems } from './open-data.ts'
import type { Resource } from './resource.ts'

/**
 * Ends the iterators that resources were made of, also those that were never read: after an error in one of them nobody will.
 * What fails here is left alone, so that the first error is the one that is reported.
 */
export async function closeResources(resources: readonly Resource[], inContext: RunInContext): Promise<void> {
  for (const { content } of resources) {
    if (content.kind !== 'items') continue
    const candidates: readonly unknown[] = Array.isArray(content.data) ? content.data : [content.data]
    for (const candidate of candidates) {
      if (typeof candidate !== 'object' || candidate === null || !isIterator(candidate)) continue
      await closeItems(candidate, inContext).catch(() => undefined)
    }
  }
}
