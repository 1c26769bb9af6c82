import { existsSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DestinationError } from '@dlt/destination'
import type { DuckDBConnection } from '@duckdb/node-api'
import { fileCatalog } from './database-location.ts'
import { diskErrorOf } from './disk-errors.ts'
import { messageOf, toOpenError } from './errors.ts'
import { type OpenFile, openFile } from './open-file.ts'

interface SharedInstance {
  readonly file: Promise<OpenFile>
  users: number
  /** Ends when nobody needs the instance for himself any more; who comes waits for it. */
  alone: Promise<void>
}

/**
 * The open files of this process. Two instances on one file in one process do not see each other and overwrite each other's pages
 * (the file's lock is the process's), so that all clients of a file share one.
 */
const instances = new Map<string, SharedInstance>()

/** One name for a file, however it is spelled; it need not exist. */
export const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}

/** Where the system lists the open files of a process (Linux), whether one of them is this file. */
const isOpenInThisProcess = (realPath: string): boolean => {
  const folder = '/proc/self/fd'
  const linkTarget = (name: string): string => {
    try {
      return readlinkSync(join(folder, name))
    } catch {
      // Closed since it was listed.
      return ''
    }
  }
  try {
    return readdirSync(folder).some((name) => linkTarget(name) === realPath)
  } catch {
    return false
  }
}

/** How a file is borrowed. */
export interface BorrowOptions {
  /** Whether the file must be there: who only reads must not make one. Default: false. */
  readonly mustExist?: boolean
  /** The oldest version of DuckDB that can read the file, where it is made. Default: v1.3.0. */
  readonly storageVersion?: string
}

/**
 * From this version on, DuckDB makes one analysis of texts instead of two: a file is as large, written in less time, and texts that repeat are
 * grouped up to twice as fast. Files that exist keep the version that they have.
 */
const usualStorageVersion = 'v1.3.0'

const openNew = async (
  path: string,
  realPath: string,
  { mustExist = false, storageVersion = usualStorageVersion }: BorrowOptions,
): Promise<OpenFile> => {
  if (isOpenInThisProcess(realPath)) {
    throw new DestinationError(
      `The DuckDB file "${path}" is open in this process already, through an instance that the pipeline does not know; a second one would destroy data. Close it, or give its connection as credentials.`,
      { kind: 'terminal', context: { destination: 'duckdb', file: path } },
    )
  }
  const isNew = !existsSync(path)
  if (isNew && mustExist) {
    throw new DestinationError(
      `The DuckDB file "${path}" does not exist, so there is nothing to read. Load data into it first, or give the path of another file.`,
      { kind: 'undefined-entity', context: { destination: 'duckdb', file: path } },
    )
  }
  try {
    return await openFile(path, { storageVersion, catalog: fileCatalog(path) })
  } catch (error) {
    // A new file that the disk did not take holds nothing, and would be refused as no database from then on.
    if (isNew && diskErrorOf(messageOf(error)) !== undefined) rmSync(path, { force: true })
    throw toOpenError(error, path)
  }
}

/** An instance on a file, and how to let it go: the last one that does closes the file, for other processes to open it. */
export interface BorrowedInstance {
  /** Opens a connection whose database is the file. */
  connect(): Promise<DuckDBConnection>
  /** Runs something that no other user of the instance may notice. Does nothing while there is another one. */
  whileAlone(run: () => Promise<void>): Promise<void>
  release(): void
}

/**
 * Opens a file, or shares it where this process has it open already.
 * @throws DestinationError where it cannot be opened
 */
export const borrowFileInstance = async (path: string, options: BorrowOptions = {}): Promise<BorrowedInstance> => {
  const key = realPathOf(path)
  const shared = instances.get(key) ?? {
    file: openNew(path, key, options),
    users: 0,
    alone: Promise.resolve(),
  }
  instances.set(key, shared)
  shared.users += 1
  const leave = (): boolean => {
    shared.users -= 1
    if (shared.users === 0) instances.delete(key)
    return shared.users === 0
  }
  try {
    const file = await shared.file
    await shared.alone
    return {
      connect: () => file.connect(),
      whileAlone: async (run) => {
        if (shared.users > 1) return
        const running = run()
        shared.alone = running.catch(() => undefined)
        await running
      },
      release: () => {
        if (leave()) file.close()
      },
    }
  } catch (error) {
    leave()
    throw error
  }
}
