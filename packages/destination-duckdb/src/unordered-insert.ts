import { setTimeout } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { BorrowedInstance } from './file-instances.ts'
import { memoryInUse, readLimit, readSetting, trySet } from './memory-settings.ts'

const mebibyte = 1024 * 1024

/** DuckDB's setting: whether rows lie in the order of the files. Only where they need not, do all threads compress at once. */
export const keepsOrder = 'preserve_insertion_order'

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
  /** Inserts, and says how many rows there were. */
  insert(): Promise<number>
}

/**
 * Runs an insert whose rows may come to lie in any order, and gives back the memory of what it has written while it runs. Undefined where it
 * was not run: while somebody else uses the file, who would find the rows of his own statements in another order, and where the setting
 * cannot be changed. Who opens the file waits until the statement has begun: from then on the setting does not count.
 */
export async function insertUnordered({ borrowed, limit, insert }: UnorderedInsert): Promise<number | undefined> {
  // Not on the load's connection: a statement that fails would end its transaction.
  const connection = await borrowed.instance.connect()
  const ended = new AbortController()
  let inserting: Promise<number> | undefined
  try {
    const { rows: before } = await memoryInUse(connection)
    const order = await readSetting(connection, keepsOrder)
    await borrowed.whileAlone(async () => {
      if (!(await trySet(connection, keepsOrder, 'false'))) return
      inserting = insert().finally(() => ended.abort())
      // It is awaited below, and must not be taken for unhandled until then.
      inserting.catch(() => undefined)
      await repeatedly(10, ended.signal, async () => (await memoryInUse(connection)).rows > before + firstRows)
      await trySet(connection, keepsOrder, order)
    })
    if (inserting === undefined) return undefined
    await giveBackWritten(borrowed, connection, limit, ended.signal)
    return await inserting
  } finally {
    connection.closeSync()
  }
}

/** Gives back blocks that were written, again and again, as long as nobody else uses the file. */
async function giveBackWritten(
  borrowed: BorrowedInstance,
  connection: DuckDBConnection,
  givenLimit: string | undefined,
  ended: AbortSignal,
): Promise<void> {
  const limit = givenLimit ?? (await readLimit(connection).catch(() => undefined))
  // Where the limit cannot be set to what it is (settings are locked, or it is none), it must not be changed either.
  if (limit === undefined || !(await trySet(connection, 'memory_limit', limit))) return
  const giveBack = async (): Promise<void> => {
    const { written, all } = await memoryInUse(connection)
    // Both at once: whatever else this process does, the limit is low for a moment only. What the statement itself needs has its place in it.
    if (written > writtenEnough) await trySet(connection, 'memory_limit', `${all - written + writtenLeft}B`, limit)
  }
  await repeatedly(100, ended, async () => {
    await borrowed.whileAlone(giveBack)
    return false
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
