import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { DltError } from '@dlt/schema'
import { loadSqlite } from './sqlite-module.ts'

/** Name of the file that is locked; it stays empty. */
export const lockName = 'lock.sqlite'

// Calls of this process that wait for a directory, by path.
const queues = new Map<string, Promise<unknown>>()

/** A call that holds a directory. */
interface Hold {
  readonly directory: string
  isOver: boolean
}

// What the current call holds: also known in the user's code that a step calls, and in whatever that code starts for later.
const held = new AsyncLocalStorage<readonly Hold[]>()

/** What is locked, and for whom. */
export interface DirectoryLockOptions {
  readonly directory: string
  /** Name of the pipeline, for errors. */
  readonly pipeline: string
  /** Makes the directory when it is this call's turn. Default: it is there. */
  readonly create?: () => Promise<void>
}

/**
 * Runs something while this process, and within it this call alone, may change a working directory. Calls of one process wait in
 * line; another process is refused. The lock is a write transaction on a SQLite file, which the kernel ends when the process dies.
 *
 * @throws DltError `WORKING_DIRECTORY` when another process holds the directory, or when the call comes from inside one that does
 */
export async function withDirectoryLock<Result>(
  { directory, pipeline, create = async () => {} }: DirectoryLockOptions,
  run: () => Promise<Result>,
): Promise<Result> {
  const outer = held.getStore()?.filter(({ isOver }) => !isOver) ?? []
  if (outer.some((hold) => hold.directory === directory)) throw nestedCall(directory, pipeline)
  const hold: Hold = { directory, isOver: false }
  const turn = (queues.get(directory) ?? Promise.resolve()).then(async () => {
    await create()
    using _lock = takeLock(directory, pipeline)
    return await held.run([...outer, hold], run)
  })
  // Whoever comes next waits for this call to end, however it ends.
  const ended = turn.catch(() => undefined)
  queues.set(directory, ended)
  try {
    return await turn
  } finally {
    hold.isOver = true
    if (queues.get(directory) === ended) queues.delete(directory)
  }
}

function takeLock(directory: string, pipeline: string): Disposable {
  const { DatabaseSync } = loadSqlite()
  try {
    const database = new DatabaseSync(join(directory, lockName))
    try {
      // A file that cannot be written is opened all the same, and locked for nobody: writing tells.
      database.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 1')
    } catch (error) {
      database.close()
      throw error
    }
    // Closing ends the transaction, and with it the lock.
    return { [Symbol.dispose]: () => database.close() }
  } catch (cause) {
    throw cannotLock(directory, pipeline, cause)
  }
}

// Result codes of SQLite, in the lower eight bits; the others say more.
const sqliteBusy = 5
const sqliteReadOnly = 8
const sqliteFull = 13
const sqliteNoDatabase = 26

function cannotLock(directory: string, pipeline: string, cause: unknown): DltError {
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined
  const isBusy = code === sqliteBusy
  const what = isBusy
    ? 'is in use by another process. Wait for it to end, or give this pipeline another pipelineName or workingDir'
    : `cannot be locked: ${reasonOf(cause, code)}`
  return new DltError(`The working directory "${directory}" of pipeline "${pipeline}" ${what}.`, {
    code: 'WORKING_DIRECTORY',
    retryable: isBusy || code === sqliteFull,
    context: { pipeline, file: directory },
    cause,
  })
}

function reasonOf(cause: unknown, code: number | undefined): string {
  if (code === sqliteFull) return 'the disk is full. Free some space on it, then run again'
  if (code === sqliteNoDatabase) return `its file "${lockName}" is damaged. Remove that file: it holds nothing`
  const reason = cause instanceof Error ? cause.message : String(cause)
  return `${code === sqliteReadOnly ? 'permission is denied' : reason}. Check that the folder is there and that this user may read and write in it, or pass another workingDir`
}

function nestedCall(directory: string, pipeline: string): DltError {
  return new DltError(
    `Pipeline "${pipeline}" is running a step, and this call comes from inside of it: from data that it reads. Start the next step when the first has ended.`,
    { code: 'WORKING_DIRECTORY', context: { pipeline, file: directory } },
  )
}
