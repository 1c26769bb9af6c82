import { checkResourceOptions } from './check-resource-options.ts'
import { contentData } from './content-data.ts'
import { iterateItems } from './iterate-items.ts'
import type { PipeStep } from './pipe-step.ts'
import { refuseTextAndNothing } from './refuse-text.ts'
import type { ResourceContext } from './resource-context.ts'
import type { ItemOf, ResourceData } from './resource-data.ts'
import type { ResourceOptions } from './resource-options.ts'
import type { TextLines } from './text-lines.ts'

const brand = Symbol.for('@dlt/resource')

/** What a resource's function is configured with: declared fields, and the values that were given in code. */
export interface ResourceArguments {
  /** The declaration: a valibot object. */
  readonly config: unknown
  /** Values given in code, which win over every provider. */
  readonly explicit: Readonly<Record<string, unknown>>
}

/**
 * Where the items of a resource come from: a user's data, lines of JSON text that need not be parsed to be extracted, or the
 * items of other resources.
 */
export type ResourceContent =
  | { readonly kind: 'items'; readonly data: unknown; readonly arguments?: ResourceArguments }
  | { readonly kind: 'json_lines'; readonly lines: TextLines }
  | {
      readonly kind: 'transformer'
      /** Where items come from; empty while the transformer is not bound. */
      readonly parents: readonly Resource[]
      /** Gives data for one item of a parent: anything that data can be. */
      transform(item: unknown, context: ResourceContext): unknown
      /** How many items are transformed at once. */
      readonly concurrency: number
      /** Whether results keep the order of the parent's items. */
      readonly ordered: boolean
      readonly arguments?: ResourceArguments
    }

/**
 * Data with a name and with hints for its table: an immutable value, made by `dlt.resource` or `dlt.jsonLines` and given to
 * `run` or `extract`, alone or in a list. It can be iterated without a pipeline; pages come out item by item.
 */
export class Resource<Item = unknown> implements AsyncIterable<Item> {
  /** The options that the resource was made with. */
  readonly options: ResourceOptions<Item>
  /** Where the items come from. */
  readonly content: ResourceContent
  /** What happens to items on their way, in order. */
  readonly steps: readonly PipeStep[]

  constructor(options: ResourceOptions<Item>, content: ResourceContent, steps: readonly PipeStep[] = []) {
    checkResourceOptions(options)
    this.options = Object.freeze({ ...options })
    this.content = content
    this.steps = Object.freeze([...steps])
    Object.defineProperty(this, brand, { value: true })
    Object.freeze(this)
  }

  /** Name of the resource. */
  get name(): string {
    return this.options.name
  }

  /** Whether a value is a resource, from whichever copy of the package. */
  static is(value: unknown): value is Resource {
    return typeof value === 'object' && value !== null && brand in value
  }

  /**
   * Reads the items, without a pipeline. Errors of the data are passed on as they are.
   * @throws DltError `DATA` when an iterator or stream was read before, and for a line that is not JSON
   */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    const { content } = this
    const items = iterateItems(contentData(content))
    // What the items are follows from the type of the data, which the resource does not keep.
    return items as AsyncGenerator<Item, void, undefined>
  }
}

/**
 * Names data and says where it goes.
 *
 * ```ts
 * const issues = dlt.resource({ name: 'issues', primaryKey: 'id' }, async function* () {
 *   yield await fetchPage(1)
 * })
 * ```
 *
 * @throws DltError `CONFIGURATION` when an option is wrong, `DATA` when there is no data or it is text
 */
export function resource<Data extends ResourceData>(
  options: ResourceOptions<ItemOf<Data>>,
  data: Data,
): Resource<ItemOf<Data>> {
  refuseTextAndNothing(data, `Resource "${options.name}"`)
  return new Resource<ItemOf<Data>>(options, { kind: 'items', data })
}
