import { accessSync, constants } from 'node:fs'
import { homedir, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** What decides where working directories are. */
export interface DirectoryFacts {
  /** `DLT_DATA_DIR`. */
  readonly dataDirectory?: string
  readonly isRoot: boolean
  /** Home of the user; absent when there is none that can be written. */
  readonly home?: string
  readonly temporary: string
}

/**
 * Where the working directory of a pipeline is unless one is given: `pipelines/<name>` in `$DLT_DATA_DIR`, else in `/var/dlt` for
 * root, `~/.dlt` for everybody else, and `dlt` in the system's temporary folder for users without a home.
 */
export function workingDirectoryPath(pipelineName: string, facts: DirectoryFacts = currentFacts()): string {
  return join(dataDirectory(facts), 'pipelines', pipelineName)
}

function dataDirectory({ dataDirectory: given, isRoot, home, temporary }: DirectoryFacts): string {
  if (given !== undefined && given !== '') return given
  if (isRoot) return '/var/dlt'
  return home === undefined ? join(temporary, 'dlt') : join(home, '.dlt')
}

function currentFacts(): DirectoryFacts {
  const given = process.env['DLT_DATA_DIR']
  const home = writableHome()
  return {
    ...(given !== undefined && { dataDirectory: given }),
    isRoot: process.platform !== 'win32' && process.getuid?.() === 0,
    ...(home !== undefined && { home }),
    temporary: tmpdir(),
  }
}

function writableHome(): string | undefined {
  try {
    const home = homedir() || userInfo().homedir
    accessSync(home, constants.W_OK)
    return home
  } catch {
    // No home, or one that cannot be written: the same to us.
    return undefined
  }
}
