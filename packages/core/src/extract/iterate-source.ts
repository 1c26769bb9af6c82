import { linkResources } from '../declare/link-resources.ts'
import { openSource, type SourceDefinition } from '../declare/open-source.ts'
import { SourceStateDraft } from '../state/source-state-draft.ts'
import { iterateGroup } from './iterate-group.ts'

/** The items of all selected resources of a source, one by one, without a pipeline. */
export async function* iterateSource(definition: SourceDefinition): AsyncGenerator<unknown, void, undefined> {
  const { name, section = name, maxConcurrency } = definition.options
  const state = new SourceStateDraft(name)
  const { resources, schema } = await openSource(definition, { stateOf: () => state })
  const group = {
    resources: linkResources(resources),
    section,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  }
  yield* iterateGroup(group, { name: schema.name, state, schema: () => schema })
}
