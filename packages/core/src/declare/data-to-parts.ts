import { DltError } from '@dlt/schema'
import { isPromise } from '../items/item-kinds.ts'
import { dataToResources, resourceOfElement } from './data-to-resources.ts'
import { isSourceFactory } from './declare-source.ts'
import type { Resource } from './resource.ts'
import { isResourceFactory } from './resource-factory.ts'
import { givenHints, ownHints, type RunHints, sharedHints, withRunHints } from './run-hints.ts'
import { Source } from './source.ts'

/** What data is made of. */
export type DataPart =
  | { readonly kind: 'source'; readonly source: Source; readonly hints?: RunHints }
  | { readonly kind: 'resource'; readonly resource: Resource }

/**
 * The sources and resources in what was given to `run` or `extract`: a source, a list that mixes sources, resources and functions, a
 * promise of one of them; else resources as `dataToResources` finds them. A factory stands for what it makes without arguments.
 *
 * @throws DltError as `dataToResources`; `CONFIGURATION` also for hints together with a source
 */
export async function dataToParts(data: unknown, hints: RunHints): Promise<readonly DataPart[]> {
  const given = made(data)
  if (Source.is(given)) {
    refuseSourceHints(hints)
    return [sourcePart(given, hints)]
  }
  if (isPromise(given) && givenHints(hints).length === 0) return dataToParts(await given, hints)
  if (Array.isArray(given)) {
    const list = await madeList(given, hints)
    return list.some(Source.is) ? listParts(list, hints) : resourceParts(list, hints)
  }
  return resourceParts(given, hints)
}

function resourceParts(data: unknown, hints: RunHints): readonly DataPart[] {
  return dataToResources(data, hints).map((resource) => ({ kind: 'resource', resource }))
}

function listParts(list: readonly unknown[], hints: RunHints): readonly DataPart[] {
  refuseSourceHints(hints)
  const shared = sharedHints(hints)
  return list.map((element, index) => {
    if (Source.is(element)) return sourcePart(element, hints)
    const resource = resourceOfElement(element, index)
    return { kind: 'resource', resource: shared === undefined ? resource : withRunHints(resource, shared) }
  })
}

function sourcePart(source: Source, hints: RunHints): DataPart {
  const shared = sharedHints(hints)
  return { kind: 'source', source, ...(shared !== undefined && { hints: shared }) }
}

// Promises in a list may be those of sources. In data that has a name, they are rows.
async function madeList(list: readonly unknown[], hints: RunHints): Promise<readonly unknown[]> {
  const awaited = givenHints(hints).length === 0 && list.some(isPromise) ? await Promise.all(list) : list
  return awaited.some(isFactory) ? awaited.map(made) : awaited
}

function isFactory(value: unknown): boolean {
  return isSourceFactory(value) || isResourceFactory(value)
}

function made(value: unknown): unknown {
  return isSourceFactory(value) || isResourceFactory(value) ? value() : value
}

function refuseSourceHints(hints: RunHints): void {
  const given = ownHints(hints)
  const [first] = given
  if (first === undefined) return
  throw new DltError(
    `${given.join(', ')} cannot be given together with a source: say it for its resources, source.mapResource('issues', (issues) => issues.applyHints({ ${first}: … })).`,
    { code: 'CONFIGURATION' },
  )
}
