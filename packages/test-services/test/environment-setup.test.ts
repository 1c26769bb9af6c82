import { env } from 'node:process'
import { afterEach, expect, test, vi } from 'vitest'
import { setup } from '../src/environment-setup.ts'

afterEach(() => vi.unstubAllEnvs())

test('tests know nothing of the server that the variables of the shell name', () => {
  for (const name of ['PGHOST', 'PGPASSWORD', 'PGSSLMODE', 'PGCONNECT_TIMEOUT']) vi.stubEnv(name, 'nowhere')
  vi.stubEnv('DLT_PGHOST', 'stays')
  setup()
  expect(Object.keys(env).filter((name) => name.startsWith('PG'))).toEqual([])
  expect(env['DLT_PGHOST']).toBe('stays')
})

test('tests know nothing of the configuration in the variables of the shell', () => {
  for (const name of ['DESTINATION__POSTGRES__CREDENTIALS', 'DATA_WRITER__BUFFER_MAX_ITEMS'])
    vi.stubEnv(name, 'foreign')
  vi.stubEnv('__CF_USER_TEXT_ENCODING', 'stays')
  setup()
  expect(Object.values(env)).not.toContain('foreign')
  expect(env['__CF_USER_TEXT_ENCODING']).toBe('stays')
})
