import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type CountedRun, copyFolder, countRun, type KillPoint } from './counted-run.ts'
import { readDataset } from './dataset-reader.ts'
import { expectRecovered, expectWholePackages, progressAt } from './expectations.ts'
import { placeIn } from './place.ts'
import { outlineOf } from './point-event.ts'
import { type ScenarioName, scenarios } from './scenario.ts'
import { finishProcess, killProcess } from './start-process.ts'
import type { WalkResult } from './walk-result.ts'

/** Processes at a time. */
const parallelKills = 2

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

/** The first of all points that look the same, and all commits. */
export const differentPoints: PointChoice = (points) => {
  const chosen = new Map(points.map((point) => [lastOutline(point), point] as const).toReversed())
  return [...new Set([...chosen.values(), ...commits(points)])]
}

const lastOutline = ({ history }: KillPoint): string => history.slice(-1).map(outlineOf).join('')

/** Kills a process at a point, looks at what it left, runs the pipeline again in a new process, and looks again. */
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
  expectWholePackages(await readDataset(file, scenario.tables), scenario, progress, at)
  if (scenario.losesWorkingDirectory) rmSync(workingDir, { recursive: true, force: true })
  const { recovery } = await finishProcess({ ...process, task: 'recover', clockSetBack: 2 * clockSetBack })
  if (recovery === undefined) throw new Error(`${at}: the next process said nothing`)
  expectRecovered({ recovery, content: await readDataset(file, scenario.tables) }, scenario, progress, at)
  rmSync(folder, { recursive: true, force: true })
}

/** Kills a scenario's processes by SIGKILL, once at each chosen point. */
export async function walkByKilling(name: ScenarioName, choose: PointChoice): Promise<WalkResult> {
  const root = mkdtempSync(join(tmpdir(), 'dlt-kill-'))
  const startedAt = performance.now()
  try {
    const run = await countRun(name, root)
    const chosen = choose(run.points)
    const waiting = chosen.values()
    const worker = async (): Promise<void> => {
      for (const point of waiting) await killAt(name, root, run, point)
    }
    await Promise.all(Array.from({ length: parallelKills }, worker))
    expect(chosen.length).toBeGreaterThan(0)
    return {
      scenario: scenarios[name].name,
      how: 'SIGKILL',
      points: run.points.length,
      walked: chosen.length,
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    if (existsSync(root)) rmSync(root, { recursive: true, force: true })
  }
}
