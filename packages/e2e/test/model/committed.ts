import { basename } from 'node:path'
import { outlineOf, type PointEvent } from '../kill/point-event.ts'

/** Something that happened to a load package for good. */
export interface Committed {
  readonly what: 'extracted' | 'loaded'
  readonly loadId: string
}

/** What a run committed, in order, as its events tell. */
export function committedBy(events: readonly PointEvent[]): readonly Committed[] {
  const committed: Committed[] = []
  let loading: string | undefined
  let isSchemaUpdate = false
  for (const event of events) {
    const outline = outlineOf(event)
    // A load that misses tables makes them first, in a transaction of its own.
    if (event.point === 'sql.begin') isSchemaUpdate = false
    if (event.subject.startsWith('CREATE SCHEMA')) isSchemaUpdate = true
    if (outline === 'after rename extract.commit')
      committed.push({ what: 'extracted', loadId: basename(event.subject) })
    if (event.point === 'load.commit') loading = event.moment === 'before' ? event.subject : undefined
    const isLoad = outline === 'after call sql.commit' && !isSchemaUpdate
    if (isLoad && loading !== undefined) committed.push({ what: 'loaded', loadId: loading })
  }
  return committed
}
