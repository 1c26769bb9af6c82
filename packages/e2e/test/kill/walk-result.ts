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

const header = ['scenario', 'killed by', 'points', 'walked', 'seconds']

/** Names of the points at which the run was killed. */
export const pointsPassed = ({ outlines }: WalkResult): readonly string[] =>
  outlines.map((outline) => outline.split(' ').at(-1) ?? '')

/** Operations that were only killed before, not after. */
export const onlyBefore = ({ outlines }: WalkResult): readonly string[] =>
  outlines
    .filter((outline) => outline.startsWith('before '))
    .filter((outline) => !outlines.includes(outline.replace('before', 'after')))

/** The results as a table for people. A walk that failed has no result. */
export function resultTable(results: readonly WalkResult[]): string {
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
