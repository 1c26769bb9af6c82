import type { LimitFunction } from 'p-limit'
import type { Resource } from '../declare/resource.ts'
import type { TransformerContent } from '../declare/resource-content.ts'
import type { ResourceRun } from '../declare/resource-run.ts'
import { isAsyncIterable, isPromise } from '../items/item-kinds.ts'
import type { PipeErrors } from './pipe-error.ts'
import type { ItemOrigin } from './pipe-receiver.ts'

/** What a transformer is called with, and how. */
export interface TransformPlace {
  readonly resource: Resource
  readonly content: TransformerContent
  readonly run: ResourceRun
  readonly errors: PipeErrors
  /** Bounds the calls of all transformers of the source together. Default: no bound. */
  readonly limiter: LimitFunction | undefined
}

/** Calls the function of a transformer. Inside of the context of its resource. */
export class TransformCall {
  readonly #place: TransformPlace
  readonly #label: string

  constructor(place: TransformPlace) {
    this.#place = place
    const { name } = place.content.transform
    this.#label = name === '' || name === 'transform' ? 'its function' : `its function (${name})`
  }

  /** Data for an item: whatever the function returned, or a promise of it where calls are bounded. */
  data(item: unknown): unknown {
    const { content, run, limiter } = this.#place
    if (limiter === undefined) return content.transform(item, run.context)
    return limiter(() => run.inContext(() => content.transform(item, run.context))).then((data) =>
      boundedSteps(data, limiter),
    )
  }

  /** The error of what was thrown for the item at the place. */
  failure(error: unknown, place: string): unknown {
    const { resource, errors } = this.#place
    return errors.ofStep(resource, error, this.#label, place)
  }
}

/** Where an item stands in the resource that it comes from, for errors. */
export function placeOf(origin: ItemOrigin | undefined): string {
  return origin === undefined ? 'an item' : `${origin.flow.place} of "${origin.resource}"`
}

// The work of an asynchronous generator is done in its steps. The bound is not held while its items go on: transformers that take
// them need it, too.
function boundedSteps(data: unknown, limiter: LimitFunction): unknown {
  if (typeof data !== 'object' || data === null || !isAsyncIterable(data)) return data
  const items = data[Symbol.asyncIterator]()
  return {
    next: () => limiter(() => items.next()),
    return: async () => {
      const closed: unknown = items.return?.()
      return isPromise(closed) ? await closed : closed
    },
  }
}
