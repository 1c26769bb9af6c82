import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DltError } from '@dlt/schema'
import { expect, it } from 'vitest'
import { catalogName, databaseLocation } from '../src/database-location.ts'
import { duckdb } from '../src/index.ts'
import { queryFile } from './read-file.ts'

const context = { pipelineName: 'github', datasetName: 'issues', localDirectory: '/data' }

it.each([
  [undefined, '/data/github_db.duckdb'],
  ['events.duckdb', '/data/events.duckdb'],
  ['/tmp/events.duckdb', '/tmp/events.duckdb'],
  ['duckdb:///events.duckdb', '/data/events.duckdb'],
  ['duckdb:///with%20space.duckdb', '/data/with space.duckdb'],
  ['duckdb:////tmp/events.duckdb', '/tmp/events.duckdb'],
  [{ path: 'events.duckdb' }, '/data/events.duckdb'],
])('takes %j as a file', (credentials, path) => {
  const options = credentials === undefined ? {} : { credentials }
  expect(databaseLocation(options, context)).toEqual({ kind: 'file', path: resolve(path) })
})

it.each([':memory:', 'duckdb://:memory:', 'duckdb:///:memory:', { path: ':memory:' }])(
  'takes %j as a database in memory',
  (credentials) => {
    expect(databaseLocation({ credentials }, context)).toEqual({ kind: 'memory' })
    expect(duckdb({ credentials }).isVolatile?.(context)).toBe(true)
  },
)

it('prefers the credentials of the context', () => {
  const location = databaseLocation({ credentials: 'a.duckdb' }, { ...context, credentials: ':memory:' })
  expect(location).toEqual({ kind: 'memory' })
  expect(duckdb({ credentials: ':memory:' }).isVolatile?.({ ...context, credentials: 'a.duckdb' })).toBe(false)
})

it.each([
  ['', /path of the DuckDB file is empty/],
  ['duckdb://events.duckdb', /three slashes before a relative path/],
  ['duckdb:///events.duckdb?threads=1', /takes no parameters after "\?"/],
  ['events.duckdb?motherduck_token=hidden', /^A DuckDB address takes no parameters after "\?"\. Give/],
  [{ path: '/data/events.duckdb?a&token=hidden' }, /^A DuckDB address takes no parameters after "\?"\. Give/],
  ['md:mine?motherduck_token=hidden', /^A DuckDB address takes no parameters after "\?"\. Give/],
  ['md:mine', /MotherDuck is not reached/],
  [':pipeline:', /":pipeline:" is not known here/],
  [7, /^DuckDB credentials are a path/],
  [{ file: 'x' }, /^DuckDB credentials are a path/],
])('refuses %j', (credentials, message) => {
  const locate = () => databaseLocation({}, { ...context, credentials })
  expect(locate).toThrow(DltError)
  expect(locate).toThrow(message)
})

it.each([
  ['events.duckdb', 'events'],
  ['a.b.c', 'a'],
  ['.hidden', 'hidden'],
  ['main.duckdb', 'main_db'],
  ['temp.duckdb', 'temp_db'],
  ['x y', 'x y'],
])('knows the name under which DuckDB attaches %s', async (file, name) => {
  const localDirectory = mkdtempSync(join(tmpdir(), 'dlt-duckdb-'))
  const location = databaseLocation({ credentials: file }, { ...context, localDirectory })
  expect(catalogName(location)).toBe(name)
  expect(await queryFile(join(localDirectory, file), 'SELECT current_database()')).toEqual([[name]])
  rmSync(localDirectory, { recursive: true })
})

it.each([
  [
    { credentials: 'issues.duckdb' },
    'Issues',
    /The dataset "issues" has the name of a DuckDB database .*"issues_db.duckdb"/,
  ],
  [
    { credentials: ':memory:' },
    'memory',
    /The dataset "memory" has the name of a DuckDB database \(duckdb:\/\/\/:memory:\)/,
  ],
  [{}, 'temp', /Choose another dataset name\.$/],
  [{ credentials: 'Issues.duckdb', normalizeDatasetName: false }, 'ISSUES', /The dataset "ISSUES"/],
])('refuses a dataset named like the database: %j, %s', (options, datasetName, message) => {
  expect(() => duckdb(options).check({ ...context, datasetName })).toThrow(message)
})

it('accepts a dataset with a name of its own, and says where it goes', () => {
  expect(() => duckdb().check(context)).not.toThrow()
  expect(duckdb().describe(context)).toBe('duckdb:////data/github_db.duckdb')
  expect(duckdb({ credentials: ':memory:' }).describe(context)).toBe('duckdb:///:memory:')
  expect(duckdb({ name: 'warehouse' })).toMatchObject({ type: 'duckdb', name: 'warehouse' })
})

it('refuses a dataset name of which nothing is left', () => {
  expect(() => duckdb().check({ ...context, datasetName: '   ' })).toThrow(/Nothing is left of the dataset name " {3}"/)
})
