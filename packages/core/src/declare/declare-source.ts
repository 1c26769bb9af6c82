import { DltError, refuseUnknownOptions } from '@dlt/schema'
import { concealedCopy } from '../configuration/conceal-secrets.ts'
import { callerFolder } from '../schema-files/source-schema-file.ts'
import type { Bound } from './declared-types.ts'
import type { SourceContext, SourceDefinition } from './open-source.ts'
import type { Resource } from './resource.ts'
import type { ArgumentsOf, ConfigOf, ConfigSchema } from './resource-arguments.ts'
import type { ResourceFactory } from './resource-factory.ts'
import { Source, type SourceResources } from './source.ts'
import {
  type CloneOptions,
  checkSourceOptions,
  clonedOptions,
  type SourceOptions,
  type SourceSettings,
} from './source-options.ts'

const brand = Symbol.for('@dlt/source-factory')

/** What a function of a source gives for a resource. */
type ResourceLike = Resource | ResourceFactory

/** What the function of a source may return: resources in any form, at once or later. */
export type SourceData =
  | ResourceLike
  | Iterable<ResourceLike>
  | AsyncIterable<ResourceLike>
  | { readonly [name: string]: ResourceLike }

/** The resources in what the function of a source returns. */
type ResourcesIn<Returned> = Returned extends ResourceLike
  ? Returned
  : Returned extends Iterable<infer Element> | AsyncIterable<infer Element>
    ? Extract<Element, ResourceLike>
    : Returned extends { readonly [name: string]: infer Element }
      ? Extract<Element, ResourceLike>
      : never

/** A resource, or the one that a factory makes. */
type Made<Like> =
  Like extends Resource<infer Item, infer Name, infer Input>
    ? Resource<Item, Name, Input>
    : Like extends ResourceFactory<infer Item, infer Name, infer Input, never>
      ? Resource<Item, Name, Input>
      : never

/** Resources by name, of what the function of a source returns. */
export type ResourcesOf<Returned> = {
  readonly [Like in ResourcesIn<Awaited<Returned>> as Like['name']]: Made<Like>
}

/**
 * Makes a source with arguments. Where a source is expected, it stands for the source without any arguments given in code.
 *
 * ```ts
 * await pipeline.run(github({ org: 'duckdb' }).withResources('issues'))
 * ```
 */
export interface SourceFactory<
  Arguments extends object = object,
  Resources extends SourceResources = SourceResources,
  Name extends string = string,
> {
  /**
   * The source with arguments; those that are absent or `undefined` come from the configuration when it is read.
   * @throws DltError `CONFIGURATION` for an argument that is not declared
   */
  (given?: Arguments): Source<Resources>
  /** Name of the source. */
  readonly name: Name
  /** The same source under another name, or with other settings: with a schema, a state and a configuration of its own. */
  clone<NewName extends string = Name>(
    change: SourceSettings & { readonly name?: NewName },
  ): SourceFactory<Arguments, Resources, NewName>
}

/**
 * Declares resources that belong together. The function gets the configuration, arguments given in code first, and returns the
 * resources; it runs when the source is read, once for each extract.
 *
 * ```ts
 * const github = dlt.source(
 *   { name: 'github', config: v.object({ org: v.string(), token: dlt.secret(v.string()) }) },
 *   ({ org, token }) => [dlt.resource({ name: 'issues' }, () => fetchIssues(org, token))],
 * )
 * ```
 *
 * @throws DltError `CONFIGURATION` when an option is wrong, `SCHEMA` for a name that a schema cannot have
 */
export function source<
  const Name extends string,
  Returned extends SourceData | Promise<SourceData>,
  Config extends ConfigSchema = ConfigSchema<Record<never, never>>,
>(
  options: SourceOptions<Name, Config>,
  load: (config: ConfigOf<Config>, context: SourceContext) => Returned & Bound<ResourcesIn<Awaited<Returned>>>,
): SourceFactory<ArgumentsOf<Config>, ResourcesOf<Returned>, Name> {
  checkSourceOptions(options)
  if (typeof load !== 'function') {
    throw new DltError(
      `The source "${options.name}": a source is a function that returns resources. Write dlt.source({ name: '${options.name}' }, () => [issues]).`,
      { code: 'CONFIGURATION' },
    )
  }
  return makeFactory({
    options,
    explicit: {},
    folder: callerFolder(),
    // The configuration has the type of its declaration once it is resolved.
    load: (config, context) => Reflect.apply(load, undefined, [config, context]),
    changes: [],
  })
}

function makeFactory<Arguments extends object, Resources extends SourceResources, Name extends string>(
  definition: SourceDefinition,
): SourceFactory<Arguments, Resources, Name> {
  const { name, config } = definition.options
  const make = (given: object = {}): Source<Resources> => {
    refuseUnknownOptions(`The source "${name}"`, given, Object.keys(config?.entries ?? {}))
    const explicit = config === undefined ? {} : concealedCopy(given, config)
    return new Source<Resources>({ ...definition, explicit })
  }
  const clone = (change: CloneOptions): SourceFactory<Arguments, Resources, Name> => {
    return makeFactory({ ...definition, options: clonedOptions(definition.options, change) })
  }
  Object.defineProperties(make, { name: { value: name }, clone: { value: clone }, [brand]: { value: true } })
  return make as SourceFactory<Arguments, Resources, Name>
}

/** Whether a value is a factory of a source, from whichever copy of the package. */
export function isSourceFactory(value: unknown): value is SourceFactory {
  return typeof value === 'function' && brand in value
}
