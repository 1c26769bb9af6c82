import { afterAll, describe, expect, test } from 'vitest'
import { differingParts, type Parts } from './fixtures/compare-parts.ts'
import { ComparisonTable } from './fixtures/comparison-table.ts'
import { readDifference, readDifferences, writeDifference } from './fixtures/differences.ts'
import { incrementalScripts } from './scripts/incremental.ts'
import { type ObservedScript, readRecordedScripts } from './scripts/recorded-script.ts'
import { resourceScripts } from './scripts/resources.ts'
import { runScript } from './scripts/run-script.ts'
import type { Scripts } from './scripts/script.ts'
import { sourceScripts } from './scripts/sources.ts'
import { stateScripts } from './scripts/state.ts'
import { transformerScripts } from './scripts/transformers.ts'

const scripts: Scripts = {
  ...resourceScripts,
  ...transformerScripts,
  ...sourceScripts,
  ...stateScripts,
  ...incrementalScripts,
}
const recorded = readRecordedScripts()
const listed = readDifferences('script-differences')

const comparison = new ComparisonTable()
afterAll(() => console.log(`\n${comparison}\n`))

/** Cuts what a script left into parts, small enough that a listed difference says something. */
function partsOf({ runs, schemas, tables }: ObservedScript): Parts {
  const parts: { [part: string]: unknown } = {}
  for (const [at, outcome] of runs.entries()) parts[`run ${at + 1}`] = outcome
  for (const [name, { tables: schemaTables, ...rest }] of Object.entries(schemas)) {
    parts[`schema ${name}`] = rest
    for (const [table, hints] of Object.entries(schemaTables)) parts[`schema ${name}: table ${table}`] = hints
  }
  for (const [name, { columns, rows }] of Object.entries(tables ?? {})) {
    parts[`columns of ${name}`] = columns
    parts[`rows of ${name}`] = rows
  }
  return parts
}

describe.concurrent('scripts give what Python dlt made of them', () => {
  test.for(recorded)('$name: $about', async ({ name, observed }, { expect }) => {
    const script = scripts[name]
    if (script === undefined) throw new Error(`there is no script ${name}`)
    const there = partsOf(observed)
    const here = differingParts(there, partsOf(await runScript(script)))
    const isEqual = Object.keys(here).length === 0
    comparison.add('scripts', isEqual ? 'equal' : listed.has(name) ? 'explained' : 'different')
    if (!listed.has(name)) {
      const expected = Object.fromEntries(Object.keys(here).map((part) => [part, there[part] ?? null]))
      expect(here).toEqual(expected)
      expect(JSON.stringify(here)).toBe(JSON.stringify(expected))
      return
    }
    if (process.env['UPDATE_DIFFERENCES'] !== undefined) writeDifference(name, here, 'script-differences')
    expect(here, 'listed as different, but equal').not.toEqual({})
    expect(here).toEqual(readDifference(name, 'script-differences'))
  })
})

test('every script is recorded', () => {
  expect(Object.keys(scripts).sort()).toEqual(recorded.map(({ name }) => name).sort())
})
