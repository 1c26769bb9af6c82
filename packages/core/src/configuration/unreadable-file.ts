import { DltError } from '@dlt/schema'

/** Why the system refused a path: `EACCES`; undefined for an error that is none of the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The error for a file that is there and cannot be read; one that says why already stays as it is. */
export function unreadableFile(path: string, error: unknown): DltError {
  if (DltError.is(error)) return error
  const reason = systemCode(error) ?? 'it threw something that is no error of the system'
  return new DltError(
    `The file "${path}" cannot be read: ${reason}. Give the user of this process the right to read it, or remove it.`,
    { code: 'CONFIGURATION', context: { file: path }, cause: error },
  )
}
