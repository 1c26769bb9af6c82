import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type CountedRun, copyFolder, countRun, type KillPoint, outlinesOf } from './counted-run.ts'
import { readDataset } from './dataset-reader.ts'
import { expectRecovered, expectWholePackages, progressAt } from './expectations.ts'
import { inParallel } from './in-parallel.ts'
import { recover } from './perform.ts'
import { placeIn } from './place.ts'
import { outlineOf } from './point-event.ts'
import { type ScenarioName, scenarios } from './scenario.ts'
import { setClockBack } from './shifted-clock.ts'
import { killProcess } from './start-process.ts'
import type { WalkResult } from './walk-result.ts'

/** Whether each scenario is walked by real kills at every point, not only where that is the rule. */
export const isFullWalk: boolean = process.env['DLT_KILL_WALK'] === 'full'

/** What to type for this walk. */
export const walkCommand: string = `${isFullWalk ? 'DLT_KILL_WALK=full ' : ''}npx vitest run packages/e2e/test/kill-`

/** Processes at a time. */
const parallelKills = 3

/** Chooses the points of a walk. */
export type PointChoice = (points: readonly KillPoint[]) => readonly KillPoint[]

/** Every point. */
export const everyPoint: PointChoice = (points) => points

/** The points right before and after something counts: the renames, and the destination's transaction. */
export const commits: PointChoice = (points) =>
  points.filter(({ history }) => {
    const { point, operation } = history.at(-1) ?? { point: '', operation: '' }
    return point.endsWith('.commit') && operation !== 'sync'
  })

/** The points at which worker threads run, the one that follows, and all commits. Threads end while something is removed. */
export const threadsAndCommits: PointChoice = (points) => {
  const ran = (index: number): boolean => (points[index]?.threads ?? 0) > 0
  return [...new Set([...points.filter((_, index) => ran(index) || ran(index - 1)), ...commits(points)])]
}

const lastOutline = ({ history }: KillPoint): string => history.slice(-1).map(outlineOf).join('')

/** Kills a process at a point, looks at what it left, runs the pipeline again in this process, and looks again. */
async function killAt(name: ScenarioName, root: string, { starts }: CountedRun, point: KillPoint): Promise<void> {
  const scenario = scenarios[name]
  const { step, event, history } = point
  const at = `${lastOutline(point)} (event ${event} of process ${step})`
  const folder = mkdtempSync(join(root, 'killed-'))
  copyFolder(starts[step] ?? '', folder)
  const process = { folder, scenario: name } as const
  const { clockSetBack } = scenario
  const killed = await killProcess({ ...process, task: scenario.steps[step] ?? 'run', killAt: event, clockSetBack })
  expect(killed).toBe(lastOutline(point))
  const progress = progressAt(history)
  const { file, workingDir } = placeIn(folder)
  expectWholePackages(await readDataset(file, scenario), scenario, progress, at)
  if (scenario.losesWorkingDirectory) rmSync(workingDir, { recursive: true, force: true })
  const recovery = await recover(placeIn(folder), scenario)
  expectRecovered({ recovery, content: await readDataset(file, scenario) }, scenario, progress, at)
  rmSync(folder, { recursive: true, force: true })
}

/** Kills a scenario's processes by SIGKILL, once at each chosen point. */
export async function walkByKilling(name: ScenarioName, choose: PointChoice): Promise<WalkResult> {
  const root = mkdtempSync(join(tmpdir(), 'dlt-kill-'))
  const startedAt = performance.now()
  try {
    const run = await countRun(name, root)
    const chosen = choose(run.points)
    using _clock = setClockBack(2 * scenarios[name].clockSetBack)
    await inParallel(chosen, parallelKills, (point) => killAt(name, root, run, point))
    expect(chosen.length).toBeGreaterThan(0)
    return {
      scenario: scenarios[name].name,
      how: 'SIGKILL',
      points: run.points.length,
      walked: chosen.length,
      outlines: outlinesOf(chosen),
      withThreads: chosen.filter(({ threads }) => threads > 0).length,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    if (existsSync(root)) rmSync(root, { recursive: true, force: true })
  }
}
