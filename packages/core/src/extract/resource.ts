import { checkResourceOptions } from './check-resource-options.ts'
import { iterateItems } from './iterate-items.ts'
import { parseJsonLines } from './parse-json-lines.ts'
import { refuseTextAndNothing } from './refuse-text.ts'
import type { ItemOf, ResourceData } from './resource-data.ts'
import type { ResourceOptions } from './resource-options.ts'
import type { TextLines } from './text-lines.ts'

const brand = Symbol.for('@dlt/resource')

/** Where the items of a resource come from: a user's data, or lines of JSON text that need not be parsed to be extracted. */
export type ResourceContent =
  | { readonly kind: 'items'; readonly data: unknown }
  | { readonly kind: 'json_lines'; readonly lines: TextLines }

/**
 * Data with a name and with hints for its table: an immutable value, made by `dlt.resource` or `dlt.jsonLines` and given to
 * `run` or `extract`, alone or in a list. It can be iterated without a pipeline; pages come out item by item.
 */
export class Resource<Item = unknown> implements AsyncIterable<Item> {
  /** The options that the resource was made with. */
  readonly options: ResourceOptions<Item>
  /** Where the items come from. */
  readonly content: ResourceContent

  constructor(options: ResourceOptions<Item>, content: ResourceContent) {
    checkResourceOptions(options)
    this.options = Object.freeze({ ...options })
    this.content = content
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
    const items = iterateItems(content.kind === 'items' ? content.data : parseJsonLines(content.lines))
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
