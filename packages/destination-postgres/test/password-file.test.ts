import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, test } from 'vitest'
import { databaseOf } from '../src/credentials/database.ts'
import { passwordFromFile } from '../src/credentials/password-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'dlt-passwords-'))
afterAll(() => rmSync(folder, { recursive: true }))

const found = async (text: string, credentials: object): Promise<string | undefined> => {
  const file = join(folder, 'passwords')
  writeFileSync(file, text)
  chmodSync(file, 0o600)
  const database = databaseOf({}, { credentials }, {})
  return database.kind === 'server' ? passwordFromFile(database, { PGPASSFILE: file }) : undefined
}

const server = { host: 'h', port: 5433, database: 'd', username: 'u' }

test.each<[string, string, object, string | undefined]>([
  ['the first line that fits', 'x:5433:d:u:1\nh:5433:d:u:2\nh:5433:d:u:3', server, '2'],
  ['stars', '*:*:*:*:p', server, 'p'],
  ['a star that is part of a name', 'h*:*:*:*:p', server, undefined],
  ['another port', 'h:5432:d:u:p', server, undefined],
  ['comments and broken lines', '#h:5433:d:u:0\n\nh:5433\nh:5433:d:u:a:b\nh:5433:d:u:p', server, 'p'],
  ['escapes', 'a\\:b:5433:d:u:p\\:\\\\q', { ...server, host: 'a:b' }, 'p:\\q'],
  ['lines of Windows', 'h:5433:d:u:p\r\n', server, 'p'],
  ['a socket', 'localhost:5433:d:u:p', { ...server, host: '/run' }, 'p'],
])('a password file with %s', async (_title, text, credentials, password) => {
  expect(await found(text, credentials)).toBe(password)
})

it('may be missing', async () => {
  const database = databaseOf({}, { credentials: server }, {})
  if (database.kind !== 'server') throw new TypeError('It is a server')
  expect(await passwordFromFile(database, { PGPASSFILE: join(folder, 'none') })).toBeUndefined()
})
