import { readFileSync } from 'node:fs'
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
    }
    expect(duckdbSettings.map(({ option }) => option).toSorted()).toEqual(Object.keys(options).toSorted())
  })

  test('stand in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(duckdbSettings.filter(({ key }) => !readme.includes(`\`${key}\``))).toEqual([])
  })

  test('of the credentials make what the option takes', () => {
    expect(duckdb({ credentials: { path: 'x.duckdb' } }).describe(context)).toBe('duckdb:////work/x.duckdb')
    expect(duckdb({ credentials: 'x.duckdb', name: 'own' })).toMatchObject({ name: 'own', type: 'duckdb' })
  })
})
