import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** All files of a folder with their content, by relative path; the lock file aside. */
export async function directoryContent(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('lock.'))
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const contents = await Promise.all(paths.map((path) => readFile(path, 'base64')))
  return new Map(paths.map((path, at) => [path.slice(folder.length + 1), contents[at] ?? '']))
}
