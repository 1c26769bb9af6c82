import { createSchema } from '@dlt/schema'
import { linkResources } from '../declare/link-resources.ts'
import type { Resource } from '../declare/resource.ts'
import { SourceStateDraft } from '../state/source-state-draft.ts'
import { iterateGroup } from './iterate-group.ts'

/** The items of one resource, one by one, without a pipeline: state starts empty and is thrown away. */
export async function* iterateResource(resource: Resource): AsyncGenerator<unknown, void, undefined> {
  const schema = resource.options.schema ?? createSchema('iterated')
  const source = { name: resource.name, state: new SourceStateDraft(resource.name), schema: () => schema }
  yield* iterateGroup({ resources: linkResources([resource.select()]) }, source)
}
