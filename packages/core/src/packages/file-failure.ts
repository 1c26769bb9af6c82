import { DltError } from '@dlt/schema'

/** What is done with a file or folder, as the end of "cannot be …". */
type Change = 'made' | 'read' | 'written' | 'brought to disk' | 'renamed' | 'removed'

/** What a file system answers when it refuses, and what to do about it. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC). Free some space on it, then run again',
  EDQUOT: 'the quota of this user is used up (EDQUOT). Free some space, then run again',
  EACCES:
    'permission is denied (EACCES). Give this user the right to read and write there, or pass another workingDir, then run again',
  EPERM:
    'it is not permitted (EPERM). Give this user the right to read and write there, or pass another workingDir, then run again',
  ENOTDIR: 'a part of the path is a file, not a folder (ENOTDIR). Pass another workingDir, then run again',
  EROFS: 'the file system is read-only (EROFS). Make it writable, or pass another workingDir, then run again',
}

/**
 * Changes a file or folder of a working directory.
 * @throws DltError `WORKING_DIRECTORY` where the file system refuses it: with the path, and what to do
 */
export async function changeFile<Result>(path: string, what: Change, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change()
  } catch (cause) {
    throw fileFailure(path, what, cause)
  }
}

/** The error of a file system as one that says what to do; anything else as it is. */
export function fileFailure(path: string, what: Change, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) return cause
  const { code, message } = cause
  const reason =
    reasons[String(code)] ?? `${message}. Check the disk and the folder, or pass another workingDir, then run again`
  return new DltError(`"${path}" cannot be ${what}: ${reason}. What was committed before is kept.`, {
    code: 'WORKING_DIRECTORY',
    retryable: code === 'ENOSPC' || code === 'EDQUOT',
    context: { file: path },
    cause,
  })
}
