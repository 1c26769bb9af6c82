import { afterAll, describe, expect, test } from 'vitest'
import { differentPoints, everyPoint, isFullWalk, walkByKilling } from './kill/kill-walk.ts'
import { resultTable, type WalkResult } from './kill/walk-result.ts'

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
