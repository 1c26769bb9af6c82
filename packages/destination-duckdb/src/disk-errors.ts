/** A change of a file that the disk did not take. */
export interface DiskError {
  /** The database file, or one that belongs to it. */
  readonly path: string
  /** What is wrong and what to do, as the end of a sentence. */
  readonly remedy: string
}

/** DuckDB's words for it. No value of a row stands before the path, or can be taken for one: the class of the error tells. */
const pattern =
  /^(?:IO|TransactionContext|FATAL) Error: (?:Failed to commit: )?Could not (?:write|truncate|sync|fsync)[a-z ]* "([^"\n]+)"[^\n]*: (No space left on device|Disk quota exceeded)|^TransactionContext Error: Failed to commit: Cannot open file "([^"\n]+)": (Permission denied|Read-only file system)/i

/** Whether an error says that the disk did not take a change, of which file, and what to do. It says nothing against the data. */
export const diskErrorOf = (message: string): DiskError | undefined => {
  const [, full, , denied] = pattern.exec(message) ?? []
  if (full !== undefined) return { path: full, remedy: 'the disk is full. Free some space on it, then run again' }
  if (denied === undefined) return undefined
  return {
    path: denied,
    remedy: 'permission is denied. Give this user the right to write in its folder, then run again',
  }
}
