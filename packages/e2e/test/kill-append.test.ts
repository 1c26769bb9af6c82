import { afterAll, describe, expect, test } from 'vitest'
import { everyPoint, isFullWalk, threadsAndCommits, walkByKilling, walkCommand } from './kill/kill-walk.ts'
import { onlyBefore, type WalkResult, walkReport } from './kill/walk-result.ts'

describe('a process that appends and is killed', () => {
  const results: WalkResult[] = []
  afterAll(() => console.log(walkReport(walkCommand, results)))

  test.each(['first', 'second'] as const)('at any point: %s', { timeout: 900_000 }, async (scenario) => {
    const result = await walkByKilling(scenario, everyPoint)
    results.push(result)
    expect(result.walked).toBe(result.points)
    expect(result.walked).toBeGreaterThan(100)
    expect(onlyBefore(result)).toEqual([])
  })

  test('while worker threads normalize', { timeout: 1_800_000 }, async () => {
    const result = await walkByKilling('threads', isFullWalk ? everyPoint : threadsAndCommits)
    results.push(result)
    // Before and after each file of rows (of the table, of its lines, and of their tags), and from there to the end of normalize.
    expect(result.withThreads).toBeGreaterThan(6)
    expect(onlyBefore(result)).toEqual([])
  })
})
