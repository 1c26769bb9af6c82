import { accessSync, constants, existsSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** What decides where configuration files are. */
export interface FolderFacts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly currentDirectory: string
  readonly isRoot: boolean
  /** Home of the user; absent when there is none that can be written. */
  readonly home?: string
  readonly temporary: string
}

/**
 * The folders that hold `secrets.toml` and `config.toml`, the one that wins first: the project's `.dlt` (in `$DLT_PROJECT_DIR`, else
 * in the current directory; another name by `$DLT_CONFIG_FOLDER`), then the user's.
 */
export function configFolders(facts: FolderFacts = currentFacts()): readonly [project: string, user: string] {
  const project = given(facts, 'DLT_PROJECT_DIR') ?? '.'
  return [resolve(facts.currentDirectory, project, folderName(facts)), userFolder(facts)]
}

/** `/var/dlt` for root, `~/.dlt`, `$XDG_DATA_HOME/dlt` where that is set and `~/.dlt` is not there, `dlt` in the temporary folder without a home. */
function userFolder(facts: FolderFacts): string {
  const { isRoot, home, temporary } = facts
  if (isRoot) return '/var/dlt'
  if (home === undefined) return join(temporary, 'dlt')
  const inHome = join(home, folderName(facts))
  const data = given(facts, 'XDG_DATA_HOME')
  return data !== undefined && !existsSync(inHome) ? join(data, 'dlt') : inHome
}

function folderName(facts: FolderFacts): string {
  return given(facts, 'DLT_CONFIG_FOLDER') ?? '.dlt'
}

function given({ environment }: FolderFacts, name: string): string | undefined {
  const value = environment[name]
  return value === '' ? undefined : value
}

function currentFacts(): FolderFacts {
  const home = writableHome()
  return {
    environment: process.env,
    currentDirectory: process.cwd(),
    isRoot: process.platform !== 'win32' && process.geteuid?.() === 0,
    ...(home !== undefined && { home }),
    temporary: tmpdir(),
  }
}

function writableHome(): string | undefined {
  try {
    const home = homedir()
    accessSync(home, constants.W_OK)
    return home
  } catch {
    // No home, or one that cannot be written: the same to us.
    return undefined
  }
}
