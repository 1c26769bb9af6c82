import { inSource, type PlacedSource } from '../declare/current-place.ts'
import { iteratePipes } from '../pipe/iterate-pipes.ts'
import { withoutSecrets } from '../runtime/known-secrets.ts'
import { openResources } from './open-resources.ts'
import type { ResourceGroup } from './plan-sources.ts'

/** The items of the selected resources of a group, one by one, without a pipeline. */
export async function* iterateGroup(
  { resources, section, maxConcurrency }: ResourceGroup,
  source: Omit<PlacedSource, 'resources'>,
): AsyncGenerator<unknown, void, undefined> {
  const controller = new AbortController()
  const current = { ...source, resources }
  const opened = await openResources(resources, {
    state: source.state,
    signal: controller.signal,
    inContext: (resource, metrics) => inSource(current, { resource, metrics, signal: controller.signal }),
    warn: (message) => process.emitWarning(withoutSecrets(message)),
    ...(section !== undefined && { section }),
  })
  const inputs = opened.map(({ resource, run }) => ({ resource, run, isSelected: resource.selected }))
  yield* iteratePipes(inputs, { controller, ...(maxConcurrency !== undefined && { maxConcurrency }) })
}
