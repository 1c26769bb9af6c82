import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ServerDatabase } from './database.ts'
import { refuseCredentials } from './refuse.ts'

/** Where the passwords of servers stand, unless `PGPASSFILE` says it. */
const usualFile = (environment: NodeJS.ProcessEnv): string =>
  process.platform === 'win32'
    ? join(environment['APPDATA'] ?? homedir(), 'postgresql', 'pgpass.conf')
    : join(homedir(), '.pgpass')

/** `host:port:database:user:password`; a backslash takes the meaning from a colon and from itself. */
const fieldsOf = (line: string): readonly string[] => {
  const fields = ['']
  for (const [piece, escaped] of line.matchAll(/\\(.)|[\s\S]/g)) {
    if (piece === ':') fields.push('')
    else fields.push(`${fields.pop() ?? ''}${escaped ?? piece}`)
  }
  return fields
}

const refuseReadableByOthers = async (file: string): Promise<void> => {
  if (process.platform === 'win32') return
  const { mode } = await stat(file)
  if ((mode & 0o077) === 0) return
  throw refuseCredentials(
    `The password file "${file}" can be read by other users, so that it is not used. Change that: chmod 600 "${file}"`,
  )
}

/**
 * The password that the password file has for a database, as `psql` looks it up: that of the first line that fits.
 * @throws DltError CONFIGURATION where others may read the file
 */
export const passwordFromFile = async (
  { host, port, database, username }: ServerDatabase,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> => {
  const file = environment['PGPASSFILE'] || usualFile(environment)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  await refuseReadableByOthers(file)
  // A socket is written as the host "localhost".
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, username]
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = fieldsOf(line)
    if (fields.length === 5 && wanted.every((value, index) => fields[index] === '*' || fields[index] === value))
      return fields[4]
  }
  return undefined
}
