import type { TextLines } from '../lines/text-lines.ts'
import type { Resource } from './resource.ts'
import type { ResourceArguments } from './resource-arguments.ts'
import type { ResourceContext } from './resource-context.ts'

/**
 * Where the items of a resource come from: a user's data (a function is called with a {@link ResourceContext}), lines of JSON text
 * that need not be parsed to be extracted, or the items of other resources.
 */
export type ResourceContent =
  | { readonly kind: 'items'; readonly data: unknown; readonly arguments?: ResourceArguments }
  | { readonly kind: 'json_lines'; readonly lines: TextLines }
  | TransformerContent

/** A function that makes data of the items of other resources. */
export interface TransformerContent {
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
