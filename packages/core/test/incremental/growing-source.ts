import { resource } from '../../src/declare/declare-resource.ts'
import type { Resource } from '../../src/declare/resource.ts'
import type { IncrementalOptions } from '../../src/incremental/untyped-options.ts'

/** An event at a source. */
export interface Event {
  readonly id: number
  readonly at: number
}

/** Events 1 to `count`, two for each time. */
export function events(count: number): readonly Event[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, at: Math.ceil((index + 1) / 2) }))
}

/** A resource over events, in pages of two; every read goes through all of them. */
export function eventResource(
  source: readonly Event[],
  incremental: IncrementalOptions = { cursorPath: 'at' },
  more: { readonly writeDisposition?: 'append' | 'replace' } = {},
): Resource<Event, 'events'> {
  return resource({ name: 'events', primaryKey: 'id', incremental, ...more }, function* () {
    for (let start = 0; start < source.length; start += 2) yield source.slice(start, start + 2)
  })
}
