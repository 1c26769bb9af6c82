import { describe, expect, test } from 'vitest'
import { durationText } from '../../src/load/duration-text.ts'
import { type LoadedPackage, type LoadFacts, LoadInfo } from '../../src/load/load-info.ts'

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000)

const loaded: LoadedPackage = {
  datasetName: 'github_data',
  loadId: '1700000000.5',
  state: 'loaded',
  schemaName: 'sample',
  schemaVersion: 2,
  schemaHash: 'x',
  schemaChanges: [],
  jobs: [
    { jobId: 'a.1.jsonl', tableName: 'a', format: 'jsonl', rowCount: 2 },
    { jobId: 'a.2.jsonl', tableName: 'a', format: 'jsonl', rowCount: 3 },
    { jobId: '_dlt_pipeline_state.3.jsonl', tableName: '_dlt_pipeline_state', format: 'jsonl', rowCount: 1 },
  ],
  startedAt: at(0),
  finishedAt: at(1),
}
const failed: LoadedPackage = { ...loaded, loadId: '1700000001.5', state: 'failed', failure: { message: 'It broke.' } }

const facts: LoadFacts = {
  pipelineName: 'github',
  destinationType: 'duckdb',
  destinationName: 'prod',
  destination: 'duckdb:////data/github_db.duckdb',
  datasetName: 'github_data',
  startedAt: at(0),
  finishedAt: at(1.234),
  firstRun: true,
  packages: [loaded],
  extracted: [],
  normalized: [],
  steps: [],
  pendingLoadIds: [],
}

describe('what was loaded', () => {
  test('is told in a few lines', () => {
    expect(String(new LoadInfo(facts))).toBe(
      [
        'Pipeline github load step finished in 1.23 seconds',
        '1 load package(s) were loaded to destination prod and into dataset github_data',
        'The prod destination used duckdb:////data/github_db.duckdb location to store data',
        'Load package 1700000000.5 is LOADED and contains no failed jobs',
      ].join('\n'),
    )
  })

  test('says of each package that went to another dataset where it is', () => {
    const info = new LoadInfo({ ...facts, packages: [{ ...loaded, datasetName: 'before' }, loaded] })
    expect(String(info).split('\n').slice(-2)).toEqual([
      'Load package 1700000000.5 is LOADED into dataset before and contains no failed jobs',
      'Load package 1700000000.5 is LOADED and contains no failed jobs',
    ])
  })

  test('tells what failed and what waits behind it', () => {
    const info = new LoadInfo({ ...facts, packages: [loaded, failed], pendingLoadIds: ['1700000002.5'] })
    expect(String(info).split('\n').slice(1)).toEqual([
      '1 of 2 load package(s) were loaded to destination prod and into dataset github_data',
      'The prod destination used duckdb:////data/github_db.duckdb location to store data',
      'Load package 1700000000.5 is LOADED and contains no failed jobs',
      'Load package 1700000001.5 is NOT LOADED and contains 1 FAILED job(s): It broke.',
      'Load package 1700000002.5 is NOT YET LOADED to the destination',
    ])
    expect(info.hasFailedJobs).toBe(true)
    expect(info.failedPackages).toEqual([failed])
    expect(info.loadIds).toEqual(['1700000000.5', '1700000001.5'])
  })

  test('counts rows of loaded packages by table, without the system tables', () => {
    expect(new LoadInfo({ ...facts, packages: [loaded, loaded, failed] }).rowCounts).toEqual({ a: 10 })
    expect(new LoadInfo(facts).hasFailedJobs).toBe(false)
  })

  test('holds everything as plain values', () => {
    expect(JSON.parse(JSON.stringify(new LoadInfo(facts)))).toMatchObject({
      datasetName: 'github_data',
      packages: [{ loadId: '1700000000.5', jobs: [{ rowCount: 2 }, { rowCount: 3 }, { rowCount: 1 }] }],
    })
  })
})

test.each([
  [0, '0.00 seconds'],
  [-5, '0.00 seconds'],
  [234, '0.23 seconds'],
  [59_996, '1 minute and 0.00 seconds'],
  [61_500, '1 minute and 1.50 seconds'],
  [3_600_000, '1 hour and 0.00 seconds'],
  [7_384_560, '2 hours, 3 minutes and 4.56 seconds'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text)
})

test('is empty where nothing was loaded or tried, and nothing waits', () => {
  const nothing = { ...facts, packages: [] }
  expect(new LoadInfo(nothing).isEmpty).toBe(true)
  expect(new LoadInfo({ ...nothing, pendingLoadIds: ['1700000001.5'] }).isEmpty).toBe(false)
  expect(new LoadInfo({ ...nothing, packages: [failed] }).isEmpty).toBe(false)
  expect(new LoadInfo(facts).isEmpty).toBe(false)
})
