import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { differingParts, partsOf } from './fixtures/compare-parts.ts'
import { ComparisonTable } from './fixtures/comparison-table.ts'
import {
  explainedReasons,
  readDifference,
  readDifferences,
  readWaiting,
  writeDifference,
} from './fixtures/differences.ts'
import {
  datasetDigest,
  type FixtureCase,
  fixturesFolder,
  readCases,
  readRecordedCases,
} from './fixtures/recorded-case.ts'
import { fileFormats, runCase } from './fixtures/run-case.ts'
import { differingShapes } from './interoperability/shapes/differing.ts'

const recordedCases = readRecordedCases()
const listed = readDifferences()
const waiting = readWaiting()
// Writes the parts of listed cases anew, instead of comparing them.
const { UPDATE_DIFFERENCES, FIXTURE_FORMATS = 'parquet', NOT_YET } = env
// Cases of what is not there yet are played on demand only.
const waits = (name: string) => NOT_YET === undefined && waiting.has(name)
// So few rows are loaded as JSON, normalized in the process. Larger packages take another way, which must give the same.
const otherFormats = fileFormats.filter((format) => FIXTURE_FORMATS.split(',').includes(format))

const comparison = new ComparisonTable()
afterAll(() => console.log(`\n${comparison}\n`))

describe.concurrent('documents give what Python dlt made of them', () => {
  test.for(recordedCases)('$name: $about', async ({ observed, ...fixture }, { expect, skip }) => {
    skip(waits(fixture.name), 'not yet')
    const here = differingParts(partsOf(observed), partsOf(await runCase(fixture)))
    const isEqual = Object.keys(here).length === 0
    comparison.add('cases, in the process', isEqual ? 'equal' : listed.has(fixture.name) ? 'explained' : 'different')
    if (!listed.has(fixture.name)) return expectEqual(partsOf(observed), here)
    if (UPDATE_DIFFERENCES !== undefined) writeDifference(fixture.name, here)
    expect(here, 'listed in fixtures/differences.json, but equal').not.toEqual({})
    expect(here).toEqual(readDifference(fixture.name))
  })
})

describe.concurrent.for(otherFormats)('worker threads and %s files give the same', (format) => {
  test.for(recordedCases)('$name', async ({ observed, ...fixture }, { expect, skip }) => {
    skip(waits(fixture.name), 'not yet')
    const here = differingParts(partsOf(observed), partsOf(await runCase(fixture, format)))
    const isEqual = Object.keys(here).length === 0
    comparison.add(`cases, as ${format}`, isEqual ? 'equal' : listed.has(fixture.name) ? 'explained' : 'different')
    expect(here).toEqual(listed.has(fixture.name) ? readDifference(fixture.name) : {})
  })
})

describe('the fixtures', () => {
  test(`${waiting.size} cases wait for what is not there yet`, ({ expect, skip }) => {
    const names = new Set(recordedCases.map(({ name }) => name))
    expect([...waiting].filter((name) => !names.has(name))).toEqual([])
    skip(waiting.size > 0, 'not yet')
  })

  test('cases are recorded as they are', () => {
    const played = ({ name, runs, destination, random_ids }: FixtureCase) => ({ name, runs, destination, random_ids })
    const asRecorded = recordedCases.map(played)
    const asDeclared = readCases().map(played)
    const byName = (left: { name: string }, right: { name: string }) => (left.name < right.name ? -1 : 1)
    expect(asRecorded.sort(byName)).toEqual(asDeclared.sort(byName))
  })

  test('data files are those that were recorded', () => {
    for (const { datasets = {} } of recordedCases) {
      for (const [name, digest] of Object.entries(datasets)) expect(datasetDigest(name), name).toBe(digest)
    }
  })

  test('listed differences belong to cases, and their reasons are explained', () => {
    const names = new Set(recordedCases.map(({ name }) => name))
    const reasons = explainedReasons()
    const inTurn = differingShapes.map((shape) => shape.reasons)
    const given = [...listed.values(), ...readDifferences('script-differences').values(), ...inTurn].flat()
    expect([...listed.keys()].filter((name) => !names.has(name))).toEqual([])
    expect(given.filter((reason) => !reasons.has(reason))).toEqual([])
    expect([...reasons].filter((reason) => !given.includes(reason))).toEqual([])
  })

  test('what differs is written down for listed cases only', () => {
    const written = readdirSync(join(fixturesFolder, 'differences')).map((file) => file.replace(/\.json$/, ''))
    expect(written.sort()).toEqual([...listed.keys()].sort())
  })
})

/** Shows both sides of the parts that differ. */
function expectEqual(reference: ReturnType<typeof partsOf>, here: ReturnType<typeof differingParts>): void {
  const there = Object.fromEntries(Object.keys(here).map((part) => [part, reference[part] ?? null]))
  expect(here).toEqual(there)
  expect(JSON.stringify(here)).toBe(JSON.stringify(there))
}
