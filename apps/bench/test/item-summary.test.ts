import { expect, test } from 'vitest'
import { type ItemRun, itemContestants } from '../src/item-contestants.ts'
import { formatItems } from '../src/item-summary.ts'

const run = (contestant: string, itemsPerSecond: number): ItemRun => ({
  contestant,
  itemsPerSecond,
  workSeconds: 2,
  cpuSeconds: 1.5,
  peakMegabytes: 100,
  steps: { import: 0.2, extract: 1 },
})

test('items are summarized by the medians of their rounds', () => {
  const [items] = itemContestants(undefined)
  if (items === undefined) throw new RangeError('There are no contestants.')
  expect(formatItems([items], [run('items', 900_000), run('items', 1_000_000), run('items', 1_100_000)])).toBe(
    '        a second  CPU s  peak MB\nitems  1,000,000   1.50      100  one by one, by a generator; seconds: import 0.20, extract 1.00',
  )
})

test('Python takes part where there is one, with the same forms', () => {
  const names = (python?: string): readonly string[] => itemContestants(python).map(({ name }) => name)
  expect(names()).toEqual(['items', 'items async', 'items in pages', 'read driver', 'read', 'read rows', 'endpoint'])
  expect(names('python').filter((name) => name.endsWith('python'))).toEqual(['items python', 'items in pages python'])
})
