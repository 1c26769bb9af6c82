import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { walkByImages } from './kill/image-walk.ts'
import { commits, everyPoint, isFullWalk, walkByKilling, walkCommand } from './kill/kill-walk.ts'
import type { ScenarioName } from './kill/scenario.ts'
import { onlyBefore, pointsPassed, type WalkResult, walkReport } from './kill/walk-result.ts'

/** Walked by images; all of them together pass every kind of point. */
const pictured: readonly ScenarioName[] = [
  'replace',
  'fromStaging',
  'swapped',
  'merged',
  'upserted',
  'inserted',
  'captured',
  'history',
  'sourcesRefreshed',
  'resourcesRefreshed',
  'dataRefreshed',
  'tablesDropped',
  'columnDropped',
  ...(isFullWalk ? (['schemas'] as const) : []),
  'schemasFirst',
  'lost',
  'clock',
  'processes',
  'leftovers',
  'dropped',
  'stale',
  'refused',
  'aborted',
  'failing',
]

/** Walked by real kills as well. */
const killed: readonly ScenarioName[] = isFullWalk
  ? pictured
  : [
      'replace',
      'swapped',
      'merged',
      'upserted',
      'inserted',
      'captured',
      'history',
      'sourcesRefreshed',
      'resourcesRefreshed',
      'dataRefreshed',
      'tablesDropped',
      'columnDropped',
      'schemas',
      'lost',
      'clock',
      'processes',
      'aborted',
    ]

/** The points that the documentation lists; that these are all there are is tested where they are declared. */
function documentedPoints(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/durability.md'), 'utf8')
  return [...text.matchAll(/^\| `([a-z-]+\.[a-z-]+)` /gm)].map(([, point = '']) => point)
}

describe('a process that is killed', () => {
  const results: WalkResult[] = []
  afterAll(() => console.log(walkReport(walkCommand, results)))

  test.each(pictured)('at any point leaves what the next run finishes: %s', { timeout: 900_000 }, async (name) => {
    const result = await walkByImages(name)
    results.push(result)
    expect(result.walked).toBe(result.points)
    expect(result.walked).toBeGreaterThan(3)
  })

  test('was killed at every kind of point', () => {
    // What is normalized before extract commits is normalized by worker threads: appending in them is walked in a file of its own.
    const passed = new Set([...results.flatMap(pointsPassed), 'normalize.head-start'])
    expect([...passed].toSorted()).toEqual(documentedPoints().toSorted())
  })

  test.each(killed)('at the commits, for real: %s', { timeout: 1_800_000 }, async (name) => {
    const result = await walkByKilling(name, isFullWalk ? everyPoint : commits)
    results.push(result)
    expect(result.walked).toBeGreaterThanOrEqual(4)
    // A destination that refuses a package has no commit to be killed after.
    expect(onlyBefore(result)).toEqual(name === 'refused' ? ['before call load.commit'] : [])
  })
})
