import type { Contestant } from './contestants.ts'
import type { Run } from './run-contestant.ts'

/** Medians of a contestant's runs. */
export interface Summary {
  readonly name: string
  readonly description: string
  readonly seconds: number
  /** Median over rounds of: its time, brought to the bytes of the first shape, over the limit's time in the same round. */
  readonly ratio: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  readonly steps: Readonly<Record<string, number>>
}

/** The middle of the values, the mean of the two in the middle where there are two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** Summarizes interleaved rounds; `limitName` names the contestant against which ratios are. */
export function summarize(
  contestants: readonly Contestant[],
  rounds: readonly (readonly Run[])[],
  limitName: string,
): readonly Summary[] {
  return contestants.map((contestant) => {
    const runs = rounds.flatMap((round) => round.filter((run) => run.contestant === contestant.name))
    const ratios = rounds.flatMap((round) => {
      const own = round.find((run) => run.contestant === contestant.name)
      const limit = round.find((run) => run.contestant === limitName)
      return own && limit ? [own.seconds / own.share / limit.seconds] : []
    })
    const stepNames = Object.keys(runs[0]?.steps ?? {})
    return {
      name: contestant.name,
      description: contestant.description,
      seconds: median(runs.map((run) => run.seconds)),
      ratio: median(ratios),
      cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
      peakMegabytes: median(runs.map((run) => run.peakMegabytes)),
      steps: Object.fromEntries(stepNames.map((name) => [name, median(runs.map((run) => run.steps[name] ?? 0))])),
    }
  })
}

/** The summaries as lines of a table. */
export function formatTable(summaries: readonly Summary[]): string {
  const header = ['', 'seconds', 'x limit', 'CPU s', 'peak MB', 'steps (seconds)']
  const lines = summaries.map((summary) => [
    summary.name,
    summary.seconds.toFixed(2),
    summary.ratio.toFixed(2),
    summary.cpuSeconds.toFixed(2),
    summary.peakMegabytes.toFixed(0),
    Object.entries(summary.steps)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`)
      .join(', '),
  ])
  return alignedTable([header, ...lines])
}

/** Lines of cells as text: the first and the last column are text, the others numbers. */
export function alignedTable(table: readonly (readonly string[])[]): string {
  const [header = []] = table
  const widths = header.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)))
  return table
    .map((line) =>
      line
        .map((cell, column) => {
          const isText = column === 0 || column === header.length - 1
          return isText ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
