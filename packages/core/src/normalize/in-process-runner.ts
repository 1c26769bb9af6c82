import type { TaskRunner } from './normalize-task.ts'
import { shredText } from './shred-text.ts'
import { sievePages } from './sieve-pages.ts'
import { writePages } from './write-pages.ts'

/** Does the work in this thread: for small packages, where starting threads would cost more than the work. */
export const inProcessRunner: TaskRunner = {
  shred: shredText,
  sieve: sievePages,
  write: writePages,
  [Symbol.asyncDispose]: async () => {},
}
