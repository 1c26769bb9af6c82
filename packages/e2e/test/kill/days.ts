import type { Scenario } from './scenario.ts'

/** Lines of each row. */
const linesPerRow = 2

/** From this day on rows have a column more, and lines have lists of their own. */
const richDay = 2

/** The rows of some days. Each row and each line is told from all others by its content. */
export function* rowsOf(days: readonly number[], { rowsPerDay, payload }: Scenario): Generator<object> {
  for (const day of days) {
    for (let row = 0; row < rowsPerDay; row++) {
      const id = `${day}-${row}`
      const tags = day >= richDay ? { tags: ['new'] } : {}
      const lines = Array.from({ length: linesPerRow }, (_, line) => ({ sku: `${id}-${line}`, ...tags }))
      yield { id, day, text: 'x'.repeat(payload), lines, ...(day >= richDay && { note: `note ${id}` }) }
    }
  }
}

/** What a reader counts of a day. */
export interface DayCounts {
  readonly day: number
  readonly rows: number
  readonly ids: number
  readonly notes: number
  readonly lines: number
  readonly skus: number
  readonly tags: number
}

/** A day of which everything is there once. */
export function wholeDay(day: number, { rowsPerDay }: Scenario): DayCounts {
  const lines = rowsPerDay * linesPerRow
  const isRich = day >= richDay
  return {
    day,
    rows: rowsPerDay,
    ids: rowsPerDay,
    notes: isRich ? rowsPerDay : 0,
    lines,
    skus: lines,
    tags: isRich ? lines : 0,
  }
}
