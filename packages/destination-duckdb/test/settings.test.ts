import { readFileSync } from 'node:fs'
import { createSchema } from '@dlt/schema'
import { describe, expect, test } from 'vitest'
import { duckdb } from '../src/destination.ts'
import type { DuckDbOptions } from '../src/options.ts'
import { duckdbSettings } from '../src/settings.ts'

const context = { pipelineName: 'p', datasetName: 'd', localDirectory: '/work' }

describe('the settings that can be configured', () => {
  test('belong to the factory, and each to an option', () => {
    expect(duckdb.settings).toBe(duckdbSettings)
    const options: Required<Omit<DuckDbOptions, 'name'>> = {
      credentials: '',
      createIndexes: false,
      settings: {},
      sessionTimezone: null,
      normalizeDatasetName: true,
      replaceStrategy: 'truncate-and-insert',
    }
    expect(duckdbSettings.map(({ option }) => option).toSorted()).toEqual(Object.keys(options).toSorted())
  })

  test('stand in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(duckdbSettings.filter(({ key }) => !readme.includes(`\`${key}\``))).toEqual([])
  })

  test('complete a destination that was made without them; its database in memory stays the same', async () => {
    const made = duckdb({ createIndexes: true, credentials: ':memory:' })
    expect(made.open?.settings.map(({ option }) => option)).toEqual([
      'sessionTimezone',
      'settings',
      'replaceStrategy',
      'normalizeDatasetName',
    ])
    const completed = made.open?.complete({ sessionTimezone: 'Europe/Berlin' }) ?? made
    expect(completed.open?.settings.map(({ option }) => option)).toEqual([
      'settings',
      'replaceStrategy',
      'normalizeDatasetName',
    ])
    expect({ ...made }.open).toBeUndefined()
    const schema = createSchema('events')
    await using client = await made.connect(context)
    await client.updateSchema(schema, [])
    await using other = await completed.connect(context)
    expect(await other.hasDataset()).toBe(true)
    expect(duckdb().open?.complete({ credentials: 'y.duckdb' }).describe(context)).toBe('duckdb:////work/y.duckdb')
  })

  test('of the credentials make what the option takes', () => {
    expect(duckdb({ credentials: { path: 'x.duckdb' } }).describe(context)).toBe('duckdb:////work/x.duckdb')
    expect(duckdb({ credentials: 'x.duckdb', name: 'own' })).toMatchObject({ name: 'own', type: 'duckdb' })
  })
})

test('an option that the destination does not know is refused', () => {
  const misspelled = { credential: 'data/events.duckdb' }
  expect(() => duckdb({ name: 'events', ...misspelled })).toThrow(
    'The DuckDB destination has no option "credential". Write "credentials".',
  )
})
