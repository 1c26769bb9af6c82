import { setTimeout } from 'node:timers/promises'
import type { BorrowedInstance } from './file-instances.ts'
import { readSetting, trySet } from './memory-settings.ts'

/** DuckDB's setting: how many threads work, with the one that asks. */
const threadCount = 'threads'

/** Milliseconds until a `COMMIT` has begun. */
const beginning = 5

/**
 * Commits rows that were kept in memory until now, so that all threads compress them. DuckDB makes of a `COMMIT` one task, which whichever of
 * its threads takes first does; row groups are tasks of their own. Where another thread than the one that asks takes the `COMMIT`, the one
 * that asks waits for it actively and compresses nothing: on two cores, 1.1 instead of 0.75 s for 137 MB, about every second time. So there is
 * no other one when it begins; they come back a moment later, for the row groups.
 */
export async function commitRows(borrowed: BorrowedInstance, commit: () => Promise<void>): Promise<void> {
  let committing: Promise<void> | undefined
  const begin = async (): Promise<void> => {
    committing = commit()
    // It is awaited below, and must not be taken for unhandled until then.
    committing.catch(() => undefined)
    await setTimeout(beginning)
  }
  // A commit that cannot be helped, for lack of memory for instance, is none that must fail.
  await borrowed.whileAlone(() => whileAloneInDatabase(borrowed, begin)).catch(() => undefined)
  await (committing ?? commit())
}

/** Runs something while the database has no thread but the one that asks. Does nothing where that cannot be had. */
async function whileAloneInDatabase({ instance }: BorrowedInstance, run: () => Promise<void>): Promise<void> {
  // Not on the connection that commits: it is in a transaction.
  const connection = await instance.connect()
  try {
    const threads = await readSetting(connection, threadCount)
    // Where the number cannot be set to what it is (settings are locked), it must not be changed either.
    if (!(await trySet(connection, threadCount, threads))) return
    await trySet(connection, threadCount, '1')
    await run()
    await trySet(connection, threadCount, threads)
  } finally {
    connection.closeSync()
  }
}
