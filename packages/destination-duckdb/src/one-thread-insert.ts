import { runBeginningWith } from './beginning-settings.ts'
import { readSetting } from './database-settings.ts'
import type { BorrowedInstance } from './file-instances.ts'
import { rowGroupRows } from './row-group.ts'

/** Milliseconds, at most, until an insert is planned: from then on it has its threads. */
const planning = 25

/**
 * Whether one thread inserts rows faster than all of them. Rows of a thread that has made less than a row group are copied, by one thread, into
 * those of the others. With two threads that takes longer than what the second one saves: 0.34 instead of 0.44 s for 200,000 events.
 */
export async function isFasterOnOneThread({ instance }: BorrowedInstance, rows: number): Promise<boolean> {
  const connection = await instance.connect()
  try {
    return (await readSetting(connection, 'threads')) === '2' && rows < 2 * rowGroupRows
  } finally {
    connection.closeSync()
  }
}

/** Inserts rows on one thread, or on all where that cannot be had. */
export async function insertOnOneThread(borrowed: BorrowedInstance, insert: () => Promise<number>): Promise<number> {
  return runBeginningWith(borrowed, { settings: { threads: '1' }, beginning: planning, run: insert })
}
