import { runBeginningWith } from './beginning-settings.ts'
import type { BorrowedInstance } from './file-instances.ts'

/** Milliseconds until a `COMMIT` has begun. */
const beginning = 5

/**
 * DuckDB makes of a `COMMIT` one task, which whichever of its threads takes first does; row groups are tasks of their own. Where another thread
 * than the one that asks takes the `COMMIT`, the one that asks waits for it actively and compresses nothing: on two cores, 1.1 instead of
 * 0.75 s for 137 MB, about every second time. So there is no other one when it begins; they come back for the row groups.
 */
const oneThread = { threads: '1' }

/**
 * Rows are compressed and written to their places at once, without a copy of them in the write-ahead log. DuckDB does so by itself for tables
 * that get less than a row group; rows of larger ones it takes to be in their places already, writes them to the log, and compresses them when
 * the file is closed. See docs/decisions/0010-row-groups-of-duckdb.md.
 */
const withoutLog = { wal_autocheckpoint: '0B', auto_checkpoint_skip_wal_threshold: '0' }

/** DuckDB's settings about the write-ahead log, where a user may have asked for another value. */
export const logSettings: readonly string[] = [...Object.keys(withoutLog), 'checkpoint_threshold']

/**
 * Commits rows that were kept in memory until now, so that all threads compress them.
 * @param decidesLog whether it is not for a user to decide when the write-ahead log is used
 */
export async function commitRows(
  borrowed: BorrowedInstance,
  commit: () => Promise<void>,
  { decidesLog }: { readonly decidesLog: boolean },
): Promise<void> {
  const settings = { ...oneThread, ...(decidesLog && withoutLog) }
  await runBeginningWith(borrowed, { settings, beginning, run: commit })
}
