import { readdirSync, readFileSync } from 'node:fs'
import { DltError } from '@dlt/schema'
import { fileFailure } from './file-failure.ts'

/** Names in a directory, sorted; none when it does not exist. */
export function listDirectory(path: string): readonly string[] {
  return ifPresent(path, () => readdirSync(path).sort()) ?? []
}

/** Text of a small file; undefined when it does not exist. */
export function readFileIfPresent(path: string): string | undefined {
  return ifPresent(path, () => readFileSync(path, 'utf8'))
}

function ifPresent<Result>(path: string, read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw fileFailure(path, 'read', error)
  }
}

/** The error of a file of a load package that is missing or not what was written. */
export function damagedPackage(path: string, what: string, cause?: unknown): DltError {
  return new DltError(
    `The file "${path}" of a load package is damaged: ${what}. Restore it from a backup. Without one, remove the folder of its package group, those of later groups, and "state.json" of the working directory: the next run goes on from what was there before, and reads their rows again.`,
    { code: 'PACKAGE', context: { file: path }, cause },
  )
}
