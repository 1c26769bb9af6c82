import { dirname } from 'node:path'
import type { FileCall } from './system-calls.ts'

/** A rename of a directory or file, and what was not safely on disk. */
export interface Commit {
  readonly from: string
  readonly to: string
  /** Files and directories of what was renamed whose last change had not been synced. */
  readonly unsynced: readonly string[]
  /** Directories whose names were not synced before the next rename: those of the new and the old name, and all above them. */
  readonly unsyncedNames: readonly string[]
}

/**
 * Follows what a process did within a folder that was empty, and tells of each rename whether everything was on disk before it, and
 * the names of it after it.
 *
 * @param isTemporary whether nobody misses a name that is lost: of a lock, or of a file that gets its name by a rename
 */
export function commitsOf(
  calls: readonly FileCall[],
  folder: string,
  isTemporary: (path: string) => boolean = () => false,
): readonly Commit[] {
  const disk = new Disk(folder, isTemporary)
  const commits: Commit[] = []
  const open: { readonly commit: Omit<Commit, 'unsyncedNames'>; readonly parents: readonly string[] }[] = []
  const settle = () => {
    for (const { commit, parents } of open.splice(0)) {
      commits.push({ ...commit, unsyncedNames: parents.filter((path) => disk.isUnsynced(path)) })
    }
  }
  for (const call of calls) {
    const { kind, path, to = '', moment } = call
    if (!path.startsWith(folder)) continue
    if (kind === 'rename' && moment === 'begin') {
      settle()
      const parents = [...new Set([dirname(to), ...disk.above(to), dirname(path)])]
      open.push({ commit: { from: path, to, unsynced: disk.unsyncedIn(path) }, parents })
    }
    disk.apply(call)
  }
  settle()
  return commits
}

interface Entry {
  /** When its content last changed; of a directory, when a name was added. */
  changedAt: number
  /** When the last sync began that was done. */
  syncedAt: number
  syncBegunAt: number
}

/** Files and directories of a folder, and whether their last change is on disk. */
class Disk {
  readonly #folder: string
  readonly #entries = new Map<string, Entry>()
  readonly #isTemporary: (path: string) => boolean
  #time = 0

  constructor(folder: string, isTemporary: (path: string) => boolean) {
    this.#folder = folder
    this.#isTemporary = isTemporary
  }

  isUnsynced(path: string): boolean {
    const entry = this.#entries.get(path)
    return entry !== undefined && entry.changedAt >= entry.syncedAt
  }

  unsyncedIn(root: string): readonly string[] {
    return [...this.#entries.keys()].filter((path) => isWithin(path, root) && this.isUnsynced(path))
  }

  /** The directories above a path, up to the folder. */
  above(path: string): readonly string[] {
    const parent = dirname(path)
    return isWithin(parent, this.#folder) ? [parent, ...this.above(parent)] : []
  }

  apply({ kind, path, to = '', moment }: FileCall): void {
    this.#time++
    if (kind === 'sync') this.#sync(path, moment)
    else if (kind === 'write') this.#change(path)
    else if (moment === 'begin') return
    else if (kind === 'remove') this.#entries.delete(path)
    else if (kind === 'rename') this.#rename(path, to)
    else this.#create(path, kind)
  }

  #create(path: string, kind: FileCall['kind']): void {
    if (!this.#entries.has(path) && !this.#isTemporary(path)) this.#change(dirname(path))
    // A directory without names has nothing to sync.
    if (kind === 'create') this.#change(path)
  }

  #change(path: string): void {
    const entry = this.#entries.get(path) ?? { changedAt: 0, syncedAt: -1, syncBegunAt: -1 }
    this.#entries.set(path, { ...entry, changedAt: this.#time })
  }

  #sync(path: string, moment: FileCall['moment']): void {
    const entry = this.#entries.get(path)
    if (entry === undefined) return
    if (moment === 'begin') entry.syncBegunAt = this.#time
    else entry.syncedAt = entry.syncBegunAt
  }

  #rename(from: string, to: string): void {
    for (const [path, entry] of [...this.#entries]) {
      if (!isWithin(path, from)) continue
      this.#entries.delete(path)
      this.#entries.set(to + path.slice(from.length), entry)
    }
    this.#change(dirname(to))
    this.#change(dirname(from))
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}
