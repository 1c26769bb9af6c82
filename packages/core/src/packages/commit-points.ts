import { channel } from 'node:diagnostics_channel'

/**
 * Every change of a working directory or a destination that a process can die at, and why that is harmless. "Again" means: by the
 * next step of any process, which first removes leftovers and brings the cache up to the committed packages.
 */
export const commitPoints = {
  'directory.create': 'An empty directory, or one without all its folders, is completed again.',
  'directory.mark': 'A directory that holds nothing but a lock is taken into use again.',
  'directory.wipe': 'What made the pipeline start anew is still so, and wipes the rest again.',
  'leftovers.remove': 'Leftovers count for nothing, and are removed again.',
  'package.file': 'The group is in "extracting" or "normalizing", which count for nothing.',
  'package.document': 'The group is in "extracting" or "normalizing", which count for nothing.',
  'package.sync': 'The group is in "extracting" or "normalizing", which count for nothing.',
  'extract.abandon': 'The group is in "extracting", which counts for nothing.',
  'extract.commit':
    'Before: nothing was extracted. After: the packages carry everything, the cache is made again from them.',
  'normalize.head-start': 'What is normalized before extract commits is in "normalizing", which counts for nothing.',
  'normalize.scratch': 'Scratch files are in "normalizing", which counts for nothing.',
  'normalize.commit':
    'Before: normalized again. After: the extracted group of the same name is a copy and is removed again.',
  'normalize.remove-extracted': 'The normalized group counts, what is left of the extracted one is removed again.',
  'load.update-schema': 'New tables and columns are empty; what is missing is added again.',
  'load.commit': 'Before: loaded again. After: the destination finds the load id in "_dlt_loads" and does nothing.',
  'load.record-failure': 'The package is tried again with or without the note of why it failed.',
  'load.finish': 'Before: the destination finds the load id in "_dlt_loads". After: the package is in "loaded".',
  'load.remove-files': 'The rows are at the destination; files that stay are removed with the leftovers.',
  'load.expire': 'Old packages tell what was loaded and are not needed; the rest is removed again.',
  'load.remove-group': 'A group without packages is removed again.',
  'abort.commit':
    'Before: the group is there and brings the cache up again. After: it is gone, and the cache is what it started from.',
  'cache.schema': 'Pending packages bring the cache up again; a restored schema is restored again.',
  'cache.remove-schema': 'A schema that the state does not name is not used; a restore removes it again.',
  'schema-file.write': 'The file is an older one or the new one; the next change of the schema writes it again.',
  'cache.state': 'Pending packages bring the cache up again; a restored state is restored again.',
} as const

/** A name of {@link commitPoints}. */
export type CommitPoint = keyof typeof commitPoints

/** What is announced before and after each operation. */
export interface CommitPointEvent {
  readonly point: CommitPoint
  /** What is done; a point can take several operations. */
  readonly operation: 'create' | 'write' | 'sync' | 'rename' | 'remove' | 'call'
  /** The file or folder, or the load id of the package. */
  readonly subject: string
  readonly moment: 'before' | 'after'
}

/** Name of the diagnostics channel that carries {@link CommitPointEvent}s. Nothing subscribes but tests. */
export const commitPointChannel = 'dlt:commit-points'

const events = channel(commitPointChannel)

/** Runs an operation between the two events that announce it. An operation that fails has no event after it. */
export async function atCommitPoint<Result>(
  announced: Omit<CommitPointEvent, 'moment'>,
  operation: () => Promise<Result>,
): Promise<Result> {
  announce({ ...announced, moment: 'before' })
  const result = await operation()
  announce({ ...announced, moment: 'after' })
  return result
}

/** Tells whoever subscribed that an operation is about to happen, or has happened. */
export function announce(event: CommitPointEvent): void {
  if (events.hasSubscribers) events.publish(event)
}
