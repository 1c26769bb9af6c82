import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { atCommitPoint, type CommitPoint } from './commit-points.ts'
import { changeFile } from './file-failure.ts'

/** Brings a file that was written before safely to disk. */
export async function syncFile(point: CommitPoint, path: string): Promise<void> {
  await atCommitPoint({ point, operation: 'sync', subject: path }, () =>
    changeFile(path, 'brought to disk', () => syncPath(path)),
  )
}

/** Brings the names in a directory safely to disk: of what was made, renamed or removed in it. */
export async function syncDirectory(point: CommitPoint, path: string): Promise<void> {
  // Windows has no such operation: there, names are safe when the call that made them returns.
  if (process.platform === 'win32') return
  await syncFile(point, path)
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a file and brings its content to disk. Its name is safe once its directory is synced. */
export async function writeSynced(point: CommitPoint, path: string, content: string): Promise<void> {
  await atCommitPoint({ point, operation: 'write', subject: path }, () =>
    changeFile(path, 'written', async () => {
      const handle = await open(path, 'w')
      try {
        await handle.writeFile(content)
        await handle.sync()
      } finally {
        await handle.close()
      }
    }),
  )
}

/** Replaces a file as a whole: whoever reads it finds the old content or the new one, also after a crash. */
export async function replaceFile(point: CommitPoint, path: string, content: string): Promise<void> {
  const written = `${path}.new`
  await writeSynced(point, written, content)
  await renameSynced(point, written, path)
}

/** Renames a file or directory and makes the new name safe. This is how a step commits: it happened, or it did not. */
export async function renameSynced(point: CommitPoint, from: string, to: string): Promise<void> {
  await atCommitPoint({ point, operation: 'rename', subject: to }, () =>
    changeFile(from, 'renamed', () => rename(from, to)),
  )
  await syncDirectory(point, dirname(to))
  if (dirname(from) !== dirname(to)) await syncDirectory(point, dirname(from))
}

/** Removes a file, or a directory with everything in it. Nothing happens when it is not there, so it can be repeated. */
export async function removePath(point: CommitPoint, path: string): Promise<void> {
  await atCommitPoint({ point, operation: 'remove', subject: path }, () =>
    changeFile(path, 'removed', () => rm(path, { recursive: true, force: true })),
  )
}

/** Makes a directory and those above it, and makes their names safe. */
export async function makeDirectory(point: CommitPoint, path: string): Promise<void> {
  await makeDirectories(point, [path])
}

/** The same for several, where none needs the other: a directory in which some of them are made is synced once. */
export async function makeDirectories(point: CommitPoint, paths: readonly string[]): Promise<void> {
  const unsafe = new Set<string>()
  for (const path of paths) {
    await atCommitPoint({ point, operation: 'create', subject: path }, () =>
      changeFile(path, 'made', async () => {
        const first = await mkdir(path, { recursive: true })
        if (first === undefined) return
        for (let made = path; made.length >= first.length; made = dirname(made)) unsafe.add(dirname(made))
      }),
    )
  }
  if (process.platform !== 'win32')
    for (const path of unsafe) await changeFile(path, 'brought to disk', () => syncPath(path))
}
