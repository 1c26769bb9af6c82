import type { ItemContestant, ItemRun } from './item-contestants.ts'
import { alignedTable, median } from './summary.ts'

/** What was measured, as lines of a table: medians of all rounds. */
export function formatItems(contestants: readonly ItemContestant[], runs: readonly ItemRun[]): string {
  const header = ['', 'a second', 'CPU s', 'peak MB', '']
  const lines = contestants.map(({ name, description }) => {
    const own = runs.filter(({ contestant }) => contestant === name)
    const middle = (of: (run: ItemRun) => number): number => median(own.map(of))
    const steps = Object.keys(own[0]?.steps ?? {})
    const parts = steps.map((step) => `${step} ${middle((run) => run.steps[step] ?? Number.NaN).toFixed(2)}`)
    return [
      name,
      Math.round(middle((run) => run.itemsPerSecond)).toLocaleString('en'),
      middle((run) => run.cpuSeconds).toFixed(2),
      middle((run) => run.peakMegabytes).toFixed(0),
      `${description}; seconds: ${parts.join(', ')}`,
    ]
  })
  return alignedTable([header, ...lines])
}
