import { afterAll, describe, expect, test } from 'vitest'
import { differentPoints, everyPoint, walkByKilling } from './kill/kill-walk.ts'
import { resultTable, type WalkResult } from './kill/walk-result.ts'

/** Every point of every scenario is walked by real kills where this is set. */
const isFullWalk = process.env['DLT_KILL_WALK'] === 'full'

describe('a process that appends and is killed', () => {
  const results: WalkResult[] = []
  afterAll(() => console.log(`\n${resultTable(results)}\n`))

  test.each(['first', 'second'] as const)('at any point: %s', { timeout: 600_000 }, async (scenario) => {
    const result = await walkByKilling(scenario, everyPoint)
    results.push(result)
    expect(result.walked).toBe(result.points)
  })

  test('while worker threads normalize', { timeout: 1_800_000 }, async () => {
    const result = await walkByKilling('threads', isFullWalk ? everyPoint : differentPoints)
    results.push(result)
    expect(result.walked).toBeGreaterThan(20)
  })
})
