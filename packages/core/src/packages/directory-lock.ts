import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { DltError } from '@dlt/schema'

/** Steps of this process that wait for a directory, by path. */
const queues = new Map<string, Promise<void>>()
const held = new AsyncLocalStorage<ReadonlySet<string>>()

/**
 * Runs something while this process, and within it this call alone, may change a working directory. Calls wait in line; another
 * process is refused. The lock is a write transaction on a SQLite file: the kernel releases it when the process dies.
 *
 * @throws DltError `WORKING_DIRECTORY` when another process holds the directory, or when the call comes from inside a step that does
 */
export async function withDirectoryLock<Result>(
  directory: string,
  pipeline: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const mine = held.getStore() ?? new Set<string>()
  if (mine.has(directory)) throw refuseNested(directory, pipeline)
  const previous = queues.get(directory) ?? Promise.resolve()
  const turn = previous.then(() => locked(directory, pipeline, () => held.run(new Set([...mine, directory]), run)))
  const settled = turn.then(
    () => undefined,
    () => undefined,
  )
  queues.set(directory, settled)
  try {
    return await turn
  } finally {
    if (queues.get(directory) === settled) queues.delete(directory)
  }
}

async function locked<Result>(directory: string, pipeline: string, run: () => Promise<Result>): Promise<Result> {
  const { DatabaseSync } = await importSqlite()
  const database = new DatabaseSync(join(directory, 'lock.sqlite'))
  try {
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
    } catch (cause) {
      throw refuseSecond(directory, pipeline, cause)
    }
    return await run()
  } finally {
    // Closing ends the transaction, and with it the lock.
    database.close()
  }
}

// Node says on stderr that its SQLite is experimental; a user of a pipeline can do nothing with that.
async function importSqlite(): Promise<typeof import('node:sqlite')> {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: never[]): void => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return
    Reflect.apply(emit, process, [warning, ...rest])
  }
  try {
    return await import('node:sqlite')
  } finally {
    process.emitWarning = emit
  }
}

function refuseSecond(directory: string, pipeline: string, cause: unknown): DltError {
  const isBusy = cause instanceof Error && /locked|busy/i.test(cause.message)
  const what = isBusy
    ? `is in use by another process. Wait for it to end, or give this pipeline another name or workingDir`
    : `cannot be locked: ${cause instanceof Error ? cause.message : String(cause)}. Check that it can be written`
  return new DltError(`The working directory "${directory}" of pipeline "${pipeline}" ${what}.`, {
    code: 'WORKING_DIRECTORY',
    retryable: isBusy,
    context: { pipeline, file: directory },
    cause,
  })
}

function refuseNested(directory: string, pipeline: string): DltError {
  return new DltError(
    `Pipeline "${pipeline}" is already running a step, and this call comes from inside of it. Start the next step after the first has ended.`,
    { code: 'WORKING_DIRECTORY', context: { pipeline, file: directory } },
  )
}
