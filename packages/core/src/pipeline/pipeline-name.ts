import { DltError } from '@dlt/schema'

/** A folder is called like the pipeline, and file systems take 255 bytes. */
const longestName = 128

/**
 * Refuses names that cannot be the name of a folder on every system.
 * @throws DltError `CONFIGURATION`
 */
export function requirePipelineName(name: string): void {
  const isFolder = /^[^/\\:*?"<>|\p{Cc}]+$/u.test(name) && !/^[.\s]|[.\s]$/.test(name)
  if (isFolder && name.length <= longestName) return
  throw new DltError(
    `"${name}" cannot be the name of a pipeline: its working directory is called like it. Use letters, digits, "_" and "-", at most ${longestName}.`,
    { code: 'CONFIGURATION', context: { pipeline: name } },
  )
}
