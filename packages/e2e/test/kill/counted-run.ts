import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type NotedEvent, outlineOf, type PointEvent } from './point-event.ts'
import { type ScenarioName, scenarios } from './scenario.ts'
import { finishProcess } from './start-process.ts'

/** A point at which a process of a scenario can be killed. */
export interface KillPoint {
  /** Which process, and which of its events. */
  readonly step: number
  readonly event: number
  /** Worker threads that run at the event. */
  readonly threads: number
  /** All events up to this one, of the processes before as well. */
  readonly history: readonly PointEvent[]
}

/** What happens at points, each once: `after rename extract.commit`. */
export const outlinesOf = (points: readonly KillPoint[]): readonly string[] => [
  ...new Set(points.flatMap(({ history }) => history.slice(-1)).map(outlineOf)),
]

/** A run that nobody killed: what is there before each of its processes, and its points. */
export interface CountedRun {
  readonly starts: readonly string[]
  readonly points: readonly KillPoint[]
}

/** Copies a folder as it is. */
export const copyFolder = (from: string, to: string): void => cpSync(from, to, { recursive: true })

/** Runs a scenario in real processes, once and to its end, and counts its events. */
export async function countRun(name: ScenarioName, root: string): Promise<CountedRun> {
  const { steps, clockSetBack } = scenarios[name]
  const folder = join(root, 'counted')
  mkdirSync(folder)
  await finishProcess({ folder, scenario: name, task: 'begin' })
  const starts: string[] = []
  const points: KillPoint[] = []
  let before: readonly NotedEvent[] = []
  for (const [step, task] of steps.entries()) {
    const start = join(root, `before-${task}`)
    copyFolder(folder, start)
    starts.push(start)
    const { events } = await finishProcess({ folder, scenario: name, task, clockSetBack })
    for (const [event, { threads }] of events.entries())
      points.push({ step, event, threads, history: [...before, ...events.slice(0, event + 1)] })
    before = [...before, ...events]
  }
  return { starts, points }
}
