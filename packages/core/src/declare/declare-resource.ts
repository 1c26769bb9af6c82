import { refuseUnknownOptions } from '@dlt/schema'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { concealedCopy } from '../configuration/conceal-secrets.ts'
import { resourceOptionNames } from '../hints/check-resource-options.ts'
import type { ColumnHints, Hint, ResourceOptions } from '../hints/resource-options.ts'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'
import type { Exactly, FitsItems } from './declared-types.ts'
import { refuseTextAndNothing } from './refuse-text.ts'
import { Resource } from './resource.ts'
import type { ArgumentsOf, ConfigOf, ConfigSchema } from './resource-arguments.ts'
import type { ContextFor } from './resource-context.ts'
import type { ItemOf, ResourceData } from './resource-data.ts'
import { makeResourceFactory, type ResourceFactory } from './resource-factory.ts'

/** The options of `dlt.resource`. */
export interface ResourceDeclaration<Item, Name extends string, Incremental, ItemSchema = never>
  extends Omit<ResourceOptions<Item, Name>, 'incremental' | 'columns'> {
  /**
   * Types and hints of columns, or a Standard Schema (valibot, zod, ArkType, ...): then every item is checked with it, and columns
   * follow from it where it can be read. Its fields must be able to hold what the items have; for what steps make of the items, use
   * `applyHints` behind them. Default: none, everything is inferred from data.
   */
  readonly columns?: Hint<Item, ColumnHints> | (ItemSchema & FitsItems<ItemSchema, Item>)
  /** Loads only what is new: the function finds in `context.incremental` where it was. Default: everything. */
  readonly incremental?: Incremental & Exactly<Incremental>
}

/** The options of `dlt.resource` with arguments of its own. */
export interface ConfiguredResourceDeclaration<
  Item,
  Name extends string,
  Incremental,
  Config extends ConfigSchema,
  ItemSchema = never,
> extends ResourceDeclaration<Item, Name, Incremental, ItemSchema> {
  /** What the function is configured with, as a valibot object; it finds the values in `context.config`. */
  readonly config: Config
}

/**
 * Names data and says where it goes. A function is called for each extract with a context: its state, the cursor, the configuration
 * and a signal.
 *
 * ```ts
 * const issues = dlt.resource({ name: 'issues', primaryKey: 'id' }, async function* () {
 *   yield await fetchPage(1)
 * })
 * ```
 *
 * With `config` the result is called with arguments first: `issues({ limit: 10 })`. Fields that are not given come from the
 * configuration, `sources.<section>.<name>.<field>`.
 *
 * @throws DltError `CONFIGURATION` when an option is wrong, `DATA` when there is no data or it is text
 */
export function resource<
  const Name extends string,
  Data extends ResourceData,
  Config extends ConfigSchema,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: ConfiguredResourceDeclaration<ItemOf<Data>, Name, Incremental, Config, ItemSchema>,
  data: (context: ContextFor<ConfigOf<Config>, Incremental>) => Data,
): ResourceFactory<ItemOf<Data>, Name, never, ArgumentsOf<Config>>
export function resource<
  const Name extends string,
  Data extends ResourceData,
  Incremental extends IncrementalOptions = never,
  ItemSchema extends StandardSchemaV1 = never,
>(
  options: ResourceDeclaration<ItemOf<Data>, Name, Incremental, ItemSchema>,
  data: Data | ((context: ContextFor<Readonly<Record<string, never>>, Incremental>) => Data),
): Resource<ItemOf<Data>, Name>
export function resource(
  declaration: ResourceOptions & { readonly config?: ConfigSchema },
  data: unknown,
): Resource | ResourceFactory {
  const { config, ...options } = declaration
  const subject = `Resource "${options.name}"`
  refuseUnknownOptions(subject, declaration, [...resourceOptionNames, 'config'])
  refuseTextAndNothing(data, subject)
  if (config === undefined) return new Resource(options, { kind: 'items', data })
  return makeResourceFactory(options.name, config, (given) => {
    return new Resource(options, { kind: 'items', data, arguments: { config, explicit: concealedCopy(given, config) } })
  })
}
