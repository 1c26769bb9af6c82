import { setTimeout } from 'node:timers/promises'
import { DestinationError } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { memoryLimitBytes, readSetting, trySet } from './database-settings.ts'
import type { BorrowedInstance } from './file-instances.ts'
import { memoryInUse } from './memory-in-use.ts'
import { rowGroupRows } from './row-group.ts'

const mebibyte = 1024 * 1024

/** DuckDB's setting: whether rows lie in the order of the files. Only where they need not, do all threads compress at once. */
export const keepsOrder = 'preserve_insertion_order'

/**
 * The part of the database's memory that row groups of all threads may take, each of which keeps one until it compresses it: 800 MB of 19 GB,
 * which do for rows of 6 kB and two threads.
 */
const rowGroupsPart = 1 / 24

/** Bytes of rows by which a statement shows that it runs. */
const firstRows = mebibyte

/** Bytes of blocks that were written and stay. */
const writtenLeft = 24 * mebibyte

/** Bytes of written blocks that are worth giving back. */
const writtenEnough = writtenLeft + 8 * mebibyte

/** What an insert runs with. */
export interface UnorderedInsert {
  readonly borrowed: BorrowedInstance
  /** The database's memory limit, where it was asked for. */
  readonly limit: string | undefined
  /** Whether memory of what was written is given back while it runs. */
  readonly givesBack: boolean
  /** Bytes of a row in its file. */
  readonly rowBytes: number
  /** Inserts, and says how many rows there were. */
  insert(): Promise<number>
}

/** An insert that has begun. */
interface RunningInsert {
  readonly rows: Promise<number>
  readonly ended: AbortSignal
}

/**
 * Runs an insert whose rows may come to lie in any order, and gives back the memory of what it has written while it runs. Undefined where it
 * was not run: while somebody else uses the file, who would find the rows of his own statements in another order, where the setting cannot be
 * changed, and where rows are so wide that those of a row group for each thread would take much of the memory. Who opens the file waits until
 * the statement has begun: from then on the setting does not count.
 * @throws what `insert` throws; a conflict where memory that was low for a moment may be why: without it, the same insert may succeed
 */
export async function insertUnordered(options: UnorderedInsert): Promise<number | undefined> {
  // Not on the load's connection: a statement that fails would end its transaction. Without one the rows are inserted in their order.
  const connection = await options.borrowed.connect().catch(() => undefined)
  if (connection === undefined) return undefined
  try {
    const running = await begin(connection, options)
    if (running === undefined) return undefined
    const wasLow = options.givesBack && (await giveBackWritten(connection, options, running.ended))
    return await running.rows.catch((error: unknown) => {
      throw wasLow ? asConflict(error) : error
    })
  } finally {
    connection.closeSync()
  }
}

/** Begins an insert while rows need not lie in their order. Undefined where that cannot be had. */
async function begin(
  connection: DuckDBConnection,
  { borrowed, rowBytes, insert }: UnorderedInsert,
): Promise<RunningInsert | undefined> {
  let running: RunningInsert | undefined
  const start = async (): Promise<void> => {
    if (await needsMuchMemory(connection, rowBytes)) return
    const { rows: before } = await memoryInUse(connection)
    const order = await readSetting(connection, keepsOrder)
    if (!(await trySet(connection, keepsOrder, 'false'))) return
    const { rows, ended } = watched(insert())
    running = { rows, ended }
    await repeatedly(10, ended, async () => (await memoryInUse(connection)).rows > before + firstRows)
    await trySet(connection, keepsOrder, order)
  }
  // It fails before the insert begins, or not at all: for lack of memory, which the insert in order may still have.
  await borrowed.whileAlone(start).catch(() => undefined)
  return running
}

async function needsMuchMemory(connection: DuckDBConnection, rowBytes: number): Promise<boolean> {
  const threads = Number(await readSetting(connection, 'threads'))
  return threads * rowGroupRows * rowBytes > (await memoryLimitBytes(connection)) * rowGroupsPart
}

/** An insert with a signal that it has ended, which is not taken for unhandled until somebody awaits it. */
function watched(rows: Promise<number>): RunningInsert {
  const ended = new AbortController()
  rows.catch(() => undefined).finally(() => ended.abort())
  return { rows, ended: ended.signal }
}

/**
 * Gives back blocks that were written, again and again, as long as nobody else uses the file. Says whether the limit was low at times: for so
 * long a thread of the statement finds no memory where it needs more at once than DuckDB can give back or write to its temporary files.
 */
async function giveBackWritten(
  connection: DuckDBConnection,
  { borrowed, limit: givenLimit }: UnorderedInsert,
  ended: AbortSignal,
): Promise<boolean> {
  const limit = givenLimit ?? (await readSetting(connection, 'memory_limit').catch(() => undefined))
  // Where the limit cannot be set to what it is (settings are locked, or it is none), it must not be changed either.
  if (limit === undefined || !(await trySet(connection, 'memory_limit', limit))) return false
  // Without temporary files what the statement needs must have its place in the low limit, too.
  if ((await readSetting(connection, 'temp_directory').catch(() => '')) === '') return false
  let wasLow = false
  const giveBack = async (): Promise<void> => {
    const { written, all } = await memoryInUse(connection)
    if (written <= writtenEnough) return
    wasLow = true
    // Both at once: whatever else this process does, the limit is low for a moment only.
    await trySet(connection, 'memory_limit', `${all - written + writtenLeft}B`, limit)
  }
  await repeatedly(100, ended, async () => {
    await borrowed.whileAlone(giveBack)
    return false
  })
  return wasLow
}

/** An error for lack of memory as one after which the transaction is run again. */
function asConflict(error: unknown): unknown {
  if (!DestinationError.is(error, 'transient') || !error.message.includes('Out of Memory')) return error
  return new DestinationError(error.message, {
    kind: 'transient',
    conflict: true,
    context: error.context,
    cause: error,
  })
}

/** Does something beside a statement, again and again until it is done or the statement has ended. */
async function repeatedly(milliseconds: number, ended: AbortSignal, step: () => Promise<boolean>): Promise<void> {
  // Where the database cannot be asked any more, the statement itself fails, and says why.
  while (!ended.aborted && !(await step().catch(() => true))) {
    // Rejects where it has ended, which the loop sees.
    await setTimeout(milliseconds, undefined, { signal: ended }).catch(() => undefined)
  }
}
