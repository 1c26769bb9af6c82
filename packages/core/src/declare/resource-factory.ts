import { refuseUnknownOptions } from '@dlt/schema'
import type { Resource } from './resource.ts'
import type { ConfigSchema } from './resource-arguments.ts'

const brand = Symbol.for('@dlt/resource-factory')

/**
 * Makes a resource with arguments. Where a resource is expected, it stands for the resource without any arguments given in code.
 *
 * ```ts
 * await pipeline.run(users({ limit: 10 }))
 * ```
 */
export interface ResourceFactory<
  Item = unknown,
  Name extends string = string,
  Input = never,
  Arguments extends object = object,
> {
  /**
   * The resource with arguments; those that are absent or `undefined` come from the configuration when it is read.
   * @throws DltError `CONFIGURATION` for an argument that is not declared
   */
  (given?: Arguments): Resource<Item, Name, Input>
  /** Name of the resource. */
  readonly name: Name
}

/** A factory with the name of its resource; it refuses arguments that are not declared. */
export function makeResourceFactory(
  name: string,
  config: ConfigSchema,
  make: (given: object) => Resource,
): ResourceFactory {
  const factory = (given: object = {}): Resource => {
    refuseUnknownOptions(`Resource "${name}"`, given, Object.keys(config.entries))
    return make(given)
  }
  return Object.freeze(Object.defineProperties(factory, { name: { value: name }, [brand]: { value: true } }))
}

/** Whether a value is a factory of a resource, from whichever copy of the package. */
export function isResourceFactory(value: unknown): value is ResourceFactory {
  return typeof value === 'function' && brand in value
}
