import { availableParallelism } from 'node:os'

/** How a walk over the points of a scenario went. */
export interface WalkResult {
  readonly scenario: string
  readonly how: 'SIGKILL' | 'image'
  /** Events of the run. */
  readonly points: number
  /** Events at which it was killed and recovered. */
  readonly walked: number
  /** What happened at those events, each once: `after rename extract.commit`. */
  readonly outlines: readonly string[]
  /** How many of them were passed while worker threads were running. */
  readonly withThreads: number
  readonly seconds: number
}

/** Names of the points at which the run was killed. */
export const pointsPassed = ({ outlines }: WalkResult): readonly string[] =>
  outlines.map((outline) => outline.split(' ').at(-1) ?? '')

/** Operations that were only killed before, not after. */
export const onlyBefore = ({ outlines }: WalkResult): readonly string[] =>
  outlines
    .filter((outline) => outline.startsWith('before '))
    .filter((outline) => !outlines.includes(outline.replace('before', 'after')))

const header = ['scenario', 'killed by', 'points', 'walked', 'seconds']

/**
 * The results as `docs/durability.md` shows them: what was run and when, and a table. A walk that failed has no result.
 *
 * @param command what was typed
 */
export function walkReport(command: string, results: readonly WalkResult[]): string {
  const walked = results.reduce((sum, result) => sum + result.walked, 0)
  const on = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${availableParallelism()} cores`
  return `\n\`${command}\`, ${on}: ${walked} crashes\n\n${resultTable(results)}\n`
}

function resultTable(results: readonly WalkResult[]): string {
  const rows = results.map(({ scenario, how, points, walked, seconds }) => [
    scenario,
    how,
    String(points),
    `${walked}, all passed`,
    seconds.toFixed(0),
  ])
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
