import { afterAll, describe, expect, test } from 'vitest'
import { walkByImages } from './kill/image-walk.ts'
import { commits, everyPoint, walkByKilling } from './kill/kill-walk.ts'
import type { ScenarioName } from './kill/scenario.ts'
import { resultTable, type WalkResult } from './kill/walk-result.ts'

/** Every point of every scenario is walked by real kills where this is set. */
const isFullWalk = process.env['DLT_KILL_WALK'] === 'full'

const names: readonly ScenarioName[] = ['replace', 'schemas', 'schemasFirst', 'lost', 'clock', 'processes']

describe('a process that is killed', () => {
  const results: WalkResult[] = []
  afterAll(() => console.log(`\n${resultTable(results)}\n`))

  test.each(names)('at any point leaves what the next run finishes: %s', { timeout: 600_000 }, async (name) => {
    const result = await walkByImages(name)
    results.push(result)
    expect(result.walked).toBeGreaterThan(100)
  })

  test.each(names)('at the commits, for real: %s', { timeout: 1_800_000 }, async (name) => {
    const result = await walkByKilling(name, isFullWalk ? everyPoint : commits)
    results.push(result)
    expect(result.walked).toBeGreaterThanOrEqual(8)
  })
})
