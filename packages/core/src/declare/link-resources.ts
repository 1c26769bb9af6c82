import { DltError } from '@dlt/schema'
import type { Resource } from './resource.ts'

/**
 * The resources that are read for some: those that are selected, and the resources that feed them, which are not loaded unless
 * they are selected themselves. What is neither is not touched. A parent is found by its name, so that a transformer gets the items
 * of a resource as it was changed last.
 *
 * @throws DltError `CONFIGURATION` for two resources of one name, an unbound transformer, and transformers that feed each other
 */
export function linkResources(resources: readonly Resource[]): readonly Resource[] {
  const linked = new Map<string, Resource>()
  for (const resource of resources) {
    if (linked.has(resource.name)) throw sameName(resource)
    linked.set(resource.name, resource)
  }
  const hidden = new Map<string, Resource>()
  for (const resource of resources) addParents(resource, linked, hidden)
  const fine = new Set<string>()
  for (const resource of linked.values()) refuseCycle(resource, linked, fine)
  const read = new Set<string>()
  for (const resource of linked.values()) if (resource.selected) addFeeding(resource, linked, read)
  return [...linked.values()].filter(({ name }) => read.has(name))
}

function addFeeding(resource: Resource, linked: ReadonlyMap<string, Resource>, read: Set<string>): void {
  if (read.has(resource.name)) return
  read.add(resource.name)
  for (const { name } of parentsOf(resource)) {
    const parent = linked.get(name)
    if (parent !== undefined) addFeeding(parent, linked, read)
  }
}

/** Adds parents that are not there yet, unselected. The original ones are kept apart, to tell two resources of one name. */
function addParents(resource: Resource, linked: Map<string, Resource>, hidden: Map<string, Resource>): void {
  if (resource.isUnbound) throw unbound(resource)
  for (const parent of parentsOf(resource)) {
    const known = hidden.get(parent.name)
    if (known !== undefined && known !== parent) throw sameParentName(parent)
    if (linked.has(parent.name)) continue
    hidden.set(parent.name, parent)
    linked.set(parent.name, parent.select(false))
    addParents(parent, linked, hidden)
  }
}

/** Follows a resource to all that feeds it; `fine` are those that were followed before. */
function refuseCycle(
  resource: Resource,
  linked: ReadonlyMap<string, Resource>,
  fine: Set<string>,
  below: readonly string[] = [],
): void {
  const { name } = resource
  if (fine.has(name)) return
  const start = below.indexOf(name)
  if (start >= 0) throw circle([...below.slice(start), name])
  for (const parent of parentsOf(resource)) {
    refuseCycle(linked.get(parent.name) ?? parent, linked, fine, [...below, name])
  }
  fine.add(name)
}

function parentsOf({ content }: Resource): readonly Resource[] {
  return content.kind === 'transformer' ? content.parents : []
}

function circle(names: readonly string[]): DltError {
  return new DltError(
    `Transformers feed each other in a circle: ${names.map((name) => `"${name}"`).join(' takes items of ')}. Let one of them take items of a resource.`,
    { code: 'CONFIGURATION' },
  )
}

function sameName({ name }: Resource): DltError {
  return new DltError(
    `Two resources are called "${name}". Give each its own name; to load both into one table, give both the same tableName.`,
    { code: 'CONFIGURATION', context: { resource: name } },
  )
}

function sameParentName({ name }: Resource): DltError {
  return new DltError(
    `Two different resources called "${name}" feed transformers. Give one of them another name: resource.withName('other').`,
    { code: 'CONFIGURATION', context: { resource: name } },
  )
}

function unbound({ name }: Resource): DltError {
  return new DltError(
    `The transformer "${name}" is not bound to a resource. Bind it, parent.pipe(${name}), or declare it with dataFrom.`,
    { code: 'CONFIGURATION', context: { resource: name } },
  )
}
