import { join } from 'node:path'
import { DltError } from '@dlt/schema'
import { replaceFile } from './durable-files.ts'
import { listDirectory, readFileIfPresent } from './present-files.ts'

/** Format of working directories that this version reads and writes. */
const directoryFormat = 1

/** Name of the file that marks a working directory as one of this system. */
export const markerName = 'dlt-typescript.json'

/**
 * Whether a directory is marked as the working directory of a pipeline; false where it may be taken into use.
 *
 * @throws DltError `WORKING_DIRECTORY` for a directory that Python dlt made, that holds something else, that a newer version made, or
 * that belongs to another pipeline
 */
export function isMarkedDirectory(path: string, pipeline: string): boolean {
  const text = readFileIfPresent(join(path, markerName))
  if (text === undefined) {
    refuseForeign(path, pipeline)
    return false
  }
  const { format, pipeline: owner } = parseMarker(text)
  if (format !== directoryFormat) {
    throw refused(
      path,
      pipeline,
      typeof format === 'number'
        ? `has format ${format}, and this version knows format ${directoryFormat}. Use the version that made it or a newer one, or pass another workingDir`
        : `has a damaged "${markerName}". Restore the file: {"format":${directoryFormat},"pipeline":"${pipeline}"}`,
    )
  }
  if (owner === pipeline) return true
  throw refused(
    path,
    pipeline,
    `belongs to pipeline "${String(owner)}". Pass another workingDir: every pipeline needs its own`,
  )
}

/** Marks a directory as the working directory of a pipeline. */
export async function markDirectory(path: string, pipeline: string): Promise<void> {
  const marker = { format: directoryFormat, pipeline }
  await replaceFile('directory.mark', join(path, markerName), `${JSON.stringify(marker)}\n`)
}

/** The error of a working directory that cannot be used. */
function refused(path: string, pipeline: string, what: string): DltError {
  return new DltError(`The working directory "${path}" of pipeline "${pipeline}" ${what}.`, {
    code: 'WORKING_DIRECTORY',
    context: { pipeline, file: path },
  })
}

function parseMarker(text: string): { readonly format?: unknown; readonly pipeline?: unknown } {
  try {
    return { ...JSON.parse(text) }
  } catch {
    // What is damaged has no format; the caller says so.
    return {}
  }
}

// The names are those that either system would write to: nothing of anybody else may be changed or removed.
function refuseForeign(path: string, pipeline: string): void {
  const names = new Set(listDirectory(path))
  if (['state.json', 'schemas', 'normalize', 'load'].some((name) => names.has(name))) {
    throw refused(
      path,
      pipeline,
      'was made by Python dlt, and the packages in it cannot be finished here. Pass another workingDir or pipelineName; what Python dlt has loaded can be continued: state and schemas are restored from the dataset',
    )
  }
  if (names.has('packages')) {
    throw refused(path, pipeline, 'holds a folder "packages" that no pipeline made. Pass another workingDir')
  }
}
