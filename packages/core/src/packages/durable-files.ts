import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** An operation that changes what is on disk. */
export interface DurableOperation {
  readonly kind: 'write-file' | 'sync-file' | 'sync-directory' | 'rename' | 'remove'
  readonly path: string
}

/** Told before and after each durable operation. */
export type DurableObserver = (operation: DurableOperation, moment: 'before' | 'after') => void

let observer: DurableObserver | undefined

/** Lets tests stand at every boundary where a process can die. Nothing else listens. */
export function observeDurableOperations(listener: DurableObserver | undefined): void {
  observer = listener
}

async function observed<Result>(operation: DurableOperation, run: () => Promise<Result>): Promise<Result> {
  observer?.(operation, 'before')
  const result = await run()
  observer?.(operation, 'after')
  return result
}

/** Brings a file that was written by someone else safely to disk. */
export async function syncFile(path: string): Promise<void> {
  await observed({ kind: 'sync-file', path }, () => syncPath(path))
}

/** Brings the names in a directory safely to disk: files that were made, renamed or removed in it. */
export async function syncDirectory(path: string): Promise<void> {
  await observed({ kind: 'sync-directory', path }, () => syncPath(path))
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a new file and brings its content to disk. Its name is durable once its directory is synced. */
export async function writeNewFile(path: string, content: string): Promise<void> {
  await observed({ kind: 'write-file', path }, async () => {
    const handle = await open(path, 'w')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
}

/** Replaces a file as a whole: whoever reads it finds the old content or the new one, also after a crash. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const written = `${path}.new`
  await writeNewFile(written, content)
  await commitRename(written, path)
}

/** Renames a file or directory and makes the new name durable. This is how a step commits: it happened, or it did not. */
export async function commitRename(from: string, to: string): Promise<void> {
  await observed({ kind: 'rename', path: to }, () => rename(from, to))
  await syncDirectory(dirname(to))
  if (dirname(from) !== dirname(to)) await syncDirectory(dirname(from))
}

/** Removes a file or a directory with everything in it. Harmless when it is not there, so that it can be repeated. */
export async function removePath(path: string): Promise<void> {
  await observed({ kind: 'remove', path }, () => rm(path, { recursive: true, force: true }))
}

/** Makes a directory and those above it, and makes its name durable. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first !== undefined) await syncDirectory(dirname(first))
}

/** Names in a directory, sorted; none when it does not exist. */
export async function listDirectory(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** Text of a file; undefined when it does not exist. */
export async function readFileIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Makes everything in a directory durable that was written without: files, then the names. */
export async function syncTree(directory: string, files: readonly string[]): Promise<void> {
  for (const file of files) await syncFile(join(directory, file))
  await syncDirectory(directory)
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
