import { concealedCopy } from '../configuration/conceal-secrets.ts'
import type { IncrementalOptions } from './incremental-options.ts'
import { refuseTextAndNothing } from './refuse-text.ts'
import { Resource } from './resource.ts'
import type { ArgumentsOf, ConfigOf, ConfigSchema } from './resource-arguments.ts'
import type { ContextFor } from './resource-context.ts'
import type { ItemOf, ResourceData } from './resource-data.ts'
import { makeResourceFactory, type ResourceFactory } from './resource-factory.ts'
import type { ResourceOptions } from './resource-options.ts'

/** Refuses keys that the options of a cursor do not have, where their type is inferred from what is given. */
export type Exactly<Given> = { readonly [Key in Exclude<keyof Given, keyof IncrementalOptions>]: never }

/** The options of `dlt.resource`. */
export interface ResourceDeclaration<Item, Name extends string, Incremental>
  extends Omit<ResourceOptions<Item, Name>, 'incremental'> {
  /** Loads only what is new: the function finds in `context.incremental` where it was. Default: everything. */
  readonly incremental?: Incremental & Exactly<Incremental>
}

/** The options of `dlt.resource` with arguments of its own. */
export interface ConfiguredResourceDeclaration<Item, Name extends string, Incremental, Config extends ConfigSchema>
  extends ResourceDeclaration<Item, Name, Incremental> {
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
>(
  options: ConfiguredResourceDeclaration<ItemOf<Data>, Name, Incremental, Config>,
  data: (context: ContextFor<ConfigOf<Config>, Incremental>) => Data,
): ResourceFactory<ItemOf<Data>, Name, never, ArgumentsOf<Config>>
export function resource<
  const Name extends string,
  Data extends ResourceData,
  Incremental extends IncrementalOptions = never,
>(
  options: ResourceDeclaration<ItemOf<Data>, Name, Incremental>,
  data: Data | ((context: ContextFor<Readonly<Record<string, never>>, Incremental>) => Data),
): Resource<ItemOf<Data>, Name>
export function resource(
  declaration: ResourceOptions & { readonly config?: ConfigSchema },
  data: unknown,
): Resource | ResourceFactory {
  const { config, ...options } = declaration
  refuseTextAndNothing(data, `Resource "${options.name}"`)
  if (config === undefined) return new Resource(options, { kind: 'items', data })
  return makeResourceFactory(options.name, config, (given) => {
    return new Resource(options, { kind: 'items', data, arguments: { config, explicit: concealedCopy(given, config) } })
  })
}
