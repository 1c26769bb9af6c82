import { readFileSync } from 'node:fs'
import { DltError } from '@dlt/schema'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * The text of a file, without a byte order mark.
 * @throws DltError `CONFIGURATION` where its bytes are no UTF-8, and what the system throws
 */
export function readText(path: string): string {
  const bytes = readFileSync(path)
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw new DltError(`The file "${path}" is not valid UTF-8. Store it in this encoding.`, {
      code: 'CONFIGURATION',
      context: { file: path },
      cause: error,
    })
  }
}
