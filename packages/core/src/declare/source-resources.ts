import { DltError } from '@dlt/schema'
import { isAsyncIterable, isIterator, isPromise } from '../items/item-kinds.ts'
import { Resource } from './resource.ts'
import { isResourceFactory } from './resource-factory.ts'

/**
 * The resources that the function of a source returned or yielded: one, a list, a record, an iterable, a promise of one of them, in
 * any combination. A factory stands for its resource without arguments, a named function for a resource of its name.
 *
 * @throws DltError `CONFIGURATION` for anything else, and when there is none
 */
export async function sourceResources(returned: unknown, source: string): Promise<readonly Resource[]> {
  const resources: Resource[] = []
  await collect(returned, source, resources)
  if (resources.length > 0) return resources
  throw new DltError(`The source "${source}" has no resources. Return at least one: a resource, a list or a record.`, {
    code: 'CONFIGURATION',
    context: { source },
  })
}

/**
 * A resource that was added to a source.
 * @throws DltError `CONFIGURATION` for anything else
 */
export function requireResource(value: unknown, source: string): Resource {
  const resource = asResource(value)
  if (resource === undefined) throw noResource(value, source)
  return resource
}

async function collect(value: unknown, source: string, into: Resource[]): Promise<void> {
  const resource = asResource(value)
  if (resource !== undefined) into.push(resource)
  else if (value === undefined || value === null) return
  else if (isPromise(value)) await collect(await value, source, into)
  else if (typeof value !== 'object') throw noResource(value, source)
  else if (isAsyncIterable(value)) for await (const element of value) await collect(element, source, into)
  else if (isIterable(value)) for (const element of value) await collect(element, source, into)
  else if (isIterator(value)) throw noResource(value, source)
  else await collectRecord(value, source, into)
}

async function collectRecord(record: object, source: string, into: Resource[]): Promise<void> {
  const prototype: unknown = Object.getPrototypeOf(record)
  if (prototype !== Object.prototype && prototype !== null) throw noResource(record, source)
  for (const element of Object.values(record)) await collect(element, source, into)
}

function asResource(value: unknown): Resource | undefined {
  if (Resource.is(value)) return value
  if (isResourceFactory(value)) return value()
  if (typeof value !== 'function' || value.name === '') return undefined
  return new Resource({ name: value.name.replace(/^(bound |async )+/, '') }, { kind: 'items', data: value })
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'
}

function noResource(value: unknown, source: string): DltError {
  return new DltError(
    `The source "${source}" gave ${described(value)} where a resource is expected. Make one: dlt.resource({ name: 'items' }, data).`,
    { code: 'CONFIGURATION', context: { source } },
  )
}

function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  return typeof value === 'object' ? `a ${value.constructor.name}` : `a ${typeof value}`
}
