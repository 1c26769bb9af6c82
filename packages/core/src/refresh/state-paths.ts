import { createRequire } from 'node:module'
import { DltError } from '@dlt/schema'
import { readPath, standardPath } from '../incremental/standard-path.ts'
import type { StateDraft } from '../state/state-draft.ts'

type Location = readonly (string | number)[]

/**
 * Deletes what a JSONPath finds in the state of a source. The states of resources as a whole stay: they go by the names of resources.
 *
 * @returns the places of what was deleted, as paths
 * @throws DltError `CONFIGURATION` for a path that cannot be read
 */
export function deleteStatePaths(state: StateDraft, path: string): readonly string[] {
  const found = locations(state, path).filter((location) => location.length > 0 && location.join() !== 'resources')
  // Positions in lists shift when an earlier one is deleted.
  for (const location of found.toReversed()) deleteAt(state, location)
  return found.map(pathText)
}

function locations(state: StateDraft, path: string): readonly Location[] {
  const steps = readPath(path)
  if (steps === undefined) throw unreadable(path)
  // The library loads when it is first needed.
  const { query }: typeof import('json-p3') = createRequire(import.meta.url)('json-p3')
  try {
    const plain: unknown = JSON.parse(JSON.stringify(state, (_, value) => (typeof value === 'bigint' ? 0 : value)))
    return isDocument(plain) ? query(standardPath(steps), plain).nodes.map(({ location }) => location) : []
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function isDocument(value: unknown): value is import('json-p3').JSONValue {
  return typeof value === 'object'
}

function deleteAt(state: StateDraft, location: Location): void {
  const last = location.at(-1)
  const holder = location.slice(0, -1).reduce<unknown>((value, key) => Reflect.get(Object(value), key), state)
  if (last === undefined) return
  if (Array.isArray(holder) && typeof last === 'number') holder.splice(last, 1)
  else if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, last)
}

function pathText(location: Location): string {
  return location
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('')
}

function unreadable(path: string, cause?: unknown): DltError {
  return new DltError(
    `drop: "${path}" is no path in a state. Give a key ("last_page") or a JSONPath ("$.cursors.*"); put keys with other characters into quotes.`,
    { code: 'CONFIGURATION', cause },
  )
}
