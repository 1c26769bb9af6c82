import type { PageFile, ShredTask, SievedPages, SieveTask, WriteTask, WrittenPages } from './normalize-task.ts'
import { shredText } from './shred-text.ts'
import { sievePages } from './sieve-pages.ts'
import { outcomeOf, type TaskOutcome } from './task-outcome.ts'
import { writePages } from './write-pages.ts'

/** The entry of a worker thread. */
export async function shred(task: ShredTask): Promise<TaskOutcome<readonly PageFile[]>> {
  return outcomeOf(() => shredText(task))
}

/** The entry of a worker thread. */
export async function write(task: WriteTask): Promise<TaskOutcome<WrittenPages>> {
  return outcomeOf(() => writePages(task))
}

/** The entry of a worker thread. */
export async function sieve(task: SieveTask): Promise<TaskOutcome<SievedPages>> {
  return outcomeOf(() => sievePages(task))
}
