import { readPackage, type StoredPackage } from './package-group.ts'
import type { WorkingDirectory } from './working-directory.ts'

/** The packages that were loaded last, newest first; of their files, only the documents are kept. */
export function* readLoadedPackages(working: WorkingDirectory): Generator<StoredPackage, void, undefined> {
  for (const directory of working.loadedPackages()) {
    const stored = readLoaded(directory)
    if (stored !== undefined) yield stored
  }
}

function readLoaded(directory: string): StoredPackage | undefined {
  try {
    return readPackage(directory)
  } catch {
    // What was loaded is at the destination: a damaged copy is only one copy less.
    return undefined
  }
}
