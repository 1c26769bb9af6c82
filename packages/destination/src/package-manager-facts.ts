import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PackageManagerFacts } from './package-manager.ts'

/** Folders that cannot be read tell nothing. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function* foldersUpwards(from: string): Generator<readonly string[]> {
  for (let folder = from; ; folder = dirname(folder)) {
    yield namesIn(folder)
    if (dirname(folder) === folder) return
  }
}

/** Gathers what tells the package manager: the environment, and the folders from `from` up to the root. */
export const packageManagerFacts = (
  from: string,
  { npm_config_user_agent: userAgent }: Readonly<Record<string, string | undefined>> = process.env,
): PackageManagerFacts => ({ userAgent, folders: foldersUpwards(from) })
