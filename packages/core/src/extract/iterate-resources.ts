import { contentData } from './content-data.ts'
import { iterateItems } from './iterate-items.ts'
import type { Resource } from './resource.ts'

/** The items of the selected resources, one by one, without a pipeline: state starts empty and is thrown away. */
export async function* iterateResources(resources: readonly Resource[]): AsyncGenerator<unknown, void, undefined> {
  for (const resource of resources) {
    if (resource.selected) yield* iterateItems(contentData(resource.content))
  }
}
