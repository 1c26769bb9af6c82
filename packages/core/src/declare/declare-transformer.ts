import { DltError, refuseUnknownOptions } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { concealedCopy } from '../configuration/conceal-secrets.ts'
import { resourceOptionNames } from '../hints/check-resource-options.ts'
import type { ResourceOptions } from '../hints/resource-options.ts'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'
import type { ConfiguredResourceDeclaration, ResourceDeclaration } from './declare-resource.ts'
import type { Bound } from './declared-types.ts'
import { Resource } from './resource.ts'
import type { ArgumentsOf, ConfigOf, ConfigSchema } from './resource-arguments.ts'
import type { ResourceContent } from './resource-content.ts'
import type { ContextFor } from './resource-context.ts'
import type { ItemOf } from './resource-data.ts'
import { isResourceFactory, makeResourceFactory, type ResourceFactory } from './resource-factory.ts'

/** How a transformer works. */
export interface TransformerSettings {
  /** How many items are transformed at once. Default: 1. */
  readonly concurrency?: number
  /** Whether results keep the order of the items that they are made of. Default: true; false lets quick ones overtake slow ones. */
  readonly ordered?: boolean
}

/** A resource that feeds a transformer; a factory stands for its resource without arguments. */
export type ParentResource<Item = unknown> = Resource<Item> | ResourceFactory<Item>

/** A transformer that is not bound to a resource yet: `parent.pipe(transformer)` binds it. */
export type Transformer<Input, Item, Name extends string = string> = Resource<Item, Name, Input>

/** The items that a transformer gives. */
type TransformedItem<Data> = ItemOf<NonNullable<Awaited<Data>>>

/** The resources that feed a transformer. */
type Parents = ParentResource | readonly ParentResource[]

/** The items of a resource. */
type ParentItem<Parent> =
  Parent extends Resource<infer Item> ? Item : Parent extends (...given: never) => Resource<infer Item> ? Item : never

/** The items of all resources that feed a transformer. */
type ItemFrom<From> = From extends readonly (infer Parent)[] ? ParentItem<Parent> : ParentItem<From>

interface FromParents<From> {
  /** The resource that feeds the transformer, or several of them. Without it, bind the transformer with `parent.pipe(transformer)`. */
  readonly dataFrom: From & Bound<From>
}

interface Unbound {
  readonly dataFrom?: never
}

/** No configuration. */
type NoConfig = Readonly<Record<string, never>>

/**
 * Makes data of each item of another resource: details of a list, documents of a file. The function is called for every single
 * item, pages are opened; it returns or yields items, pages, promises, or nothing.
 *
 * ```ts
 * const details = dlt.transformer({ name: 'details', dataFrom: users, concurrency: 20 }, async (user) => fetchDetails(user.id))
 * ```
 *
 * @throws DltError `CONFIGURATION` when an option is wrong
 */
export function transformer<
  const From extends Parents,
  const Name extends string,
  Data,
  Config extends ConfigSchema,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: FromParents<From> &
    TransformerSettings &
    ConfiguredResourceDeclaration<TransformedItem<Data>, Name, Incremental, Config, ItemSchema>,
  transform: (item: ItemFrom<From>, context: ContextFor<ConfigOf<Config>, Incremental>) => Data,
): ResourceFactory<TransformedItem<Data>, Name, never, ArgumentsOf<Config>>
export function transformer<
  Input,
  const Name extends string,
  Data,
  Config extends ConfigSchema,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: Unbound &
    TransformerSettings &
    ConfiguredResourceDeclaration<TransformedItem<Data>, Name, Incremental, Config, ItemSchema>,
  transform: (item: Input, context: ContextFor<ConfigOf<Config>, Incremental>) => Data,
): ResourceFactory<TransformedItem<Data>, Name, Input, ArgumentsOf<Config>>
export function transformer<
  const From extends Parents,
  const Name extends string,
  Data,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: FromParents<From> &
    TransformerSettings &
    ResourceDeclaration<TransformedItem<Data>, Name, Incremental, ItemSchema>,
  transform: (item: ItemFrom<From>, context: ContextFor<NoConfig, Incremental>) => Data,
): Resource<TransformedItem<Data>, Name>
export function transformer<
  Input,
  const Name extends string,
  Data,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: Unbound & TransformerSettings & ResourceDeclaration<TransformedItem<Data>, Name, Incremental, ItemSchema>,
  transform: (item: Input, context: ContextFor<NoConfig, Incremental>) => Data,
): Transformer<Input, TransformedItem<Data>, Name>
export function transformer(
  declaration: ResourceOptions &
    TransformerSettings & {
      readonly dataFrom?: ParentResource | readonly ParentResource[]
      readonly config?: ConfigSchema
    },
  transform: (item: never, context: never) => unknown,
): Resource | ResourceFactory {
  const { config, dataFrom, concurrency = 1, ordered = true, ...options } = declaration
  const subject = `Transformer "${options.name}"`
  refuseUnknownOptions(subject, declaration, [...transformerOptionNames, ...resourceOptionNames])
  if (typeof transform !== 'function') {
    throw new DltError(
      `${subject}: a transformer is a function of an item. Write dlt.transformer({ name: 'details', dataFrom: users }, (user) => …).`,
      { code: 'CONFIGURATION' },
    )
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new DltError(`${subject}: concurrency must be a whole number, 1 or more.`, { code: 'CONFIGURATION' })
  }
  const content: ResourceContent = {
    kind: 'transformer',
    parents: parentResources(dataFrom, subject),
    transform,
    concurrency,
    ordered,
  }
  if (config === undefined) return new Resource(options, content)
  return makeResourceFactory(options.name, config, (given) => {
    return new Resource(options, { ...content, arguments: { config, explicit: concealedCopy(given, config) } })
  })
}

const transformerOptionNames: readonly (keyof TransformerSettings | 'config' | 'dataFrom')[] = [
  'dataFrom',
  'concurrency',
  'ordered',
  'config',
]

function parentResources(
  dataFrom: ParentResource | readonly ParentResource[] | undefined,
  subject: string,
): readonly Resource[] {
  if (dataFrom === undefined) return []
  return [dataFrom].flat().map((parent) => {
    const resource = isResourceFactory(parent) ? parent() : parent
    if (Resource.is(resource)) return resource
    throw new DltError(
      `${subject}: dataFrom must be a resource or a list of resources. Make one of other data: dlt.resource({ name: 'users' }, data).`,
      { code: 'CONFIGURATION' },
    )
  })
}
