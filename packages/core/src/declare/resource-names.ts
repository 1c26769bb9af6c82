import { DltError, nearestName } from '@dlt/schema'
import type { Resource } from './resource.ts'

/**
 * Refuses names that no resource of a source has.
 * @throws DltError `CONFIGURATION` with the nearest name
 */
export function requireResourceNames(names: readonly string[], resources: readonly Resource[], source: string): void {
  const known = resources.map(({ name }) => name)
  if (names.length === 0) {
    throw new DltError(`No resource of the source "${source}" is named. It has ${known.join(', ')}.`, {
      code: 'CONFIGURATION',
      context: { source },
    })
  }
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const meant = nearestName(unknown, known)
  const remedy = meant === undefined ? `It has ${known.join(', ')}.` : `Did you mean "${meant}"?`
  throw new DltError(`The source "${source}" has no resource "${unknown}". ${remedy}`, {
    code: 'CONFIGURATION',
    context: { source, resource: unknown },
  })
}
