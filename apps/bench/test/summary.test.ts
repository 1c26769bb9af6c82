import { describe, expect, test } from 'vitest'
import { contestants, limit } from '../src/contestants.ts'
import type { Run } from '../src/run-contestant.ts'
import { formatTable, median, summarize } from '../src/summary.ts'

const run = (contestant: string, seconds: number, load: number, share = 1): Run => ({
  contestant,
  seconds,
  workSeconds: seconds,
  cpuSeconds: seconds * 1.5,
  share,
  peakMegabytes: seconds * 100,
  steps: { load },
})

describe('summary', () => {
  test('the median is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('ratios are taken round by round, and brought to the same bytes', () => {
    const all = contestants('python').filter(({ name }) => name === 'limit' || name === 'python default')
    const rounds = [
      [run('limit', 1, 0.5), run('python default', 5, 1, 0.1)],
      [run('limit', 2, 0.7), run('python default', 6, 2, 0.1)],
      [run('limit', 1, 0.6), run('python default', 7, 3, 0.1)],
    ]
    const [own, python] = summarize(all, rounds, limit.name)
    expect(own).toMatchObject({ name: 'limit', seconds: 1, ratio: 1, peakMegabytes: 100, steps: { load: 0.6 } })
    expect(python).toMatchObject({ name: 'python default', seconds: 6, ratio: 50, steps: { load: 2 } })
  })

  test('the table is aligned', () => {
    const all = contestants(undefined).filter(({ name }) => name === 'limit')
    expect(formatTable(summarize(all, [[run('limit', 1, 0.5)]], limit.name))).toBe(
      '       seconds  x limit  CPU s  peak MB  steps (seconds)\nlimit     1.00     1.00   1.50      100  load 0.50',
    )
  })

  test('Python takes part only when there is one', () => {
    const names = (python: string | undefined) => contestants(python).map((contestant) => contestant.name)
    expect(names(undefined)[0]).toBe('limit')
    expect(names(undefined).filter((name) => name.startsWith('python'))).toEqual([])
    expect(names('python')).toEqual([...names(undefined), 'python best', 'python default'])
  })
})
