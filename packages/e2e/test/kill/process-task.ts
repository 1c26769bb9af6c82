import type { Recovery } from './perform.ts'
import type { NotedEvent } from './point-event.ts'
import type { ScenarioName, Step } from './scenario.ts'

/** What a process is started for; given as JSON. */
export interface ProcessTask {
  readonly folder: string
  readonly scenario: ScenarioName
  readonly task: 'begin' | 'recover' | Step
  /** Number of the event at which the process kills itself; without it, it ends. */
  readonly killAt?: number
  /** Milliseconds by which its clock is set back. */
  readonly clockSetBack?: number
}

/** What a process says when it has ended by itself. */
export interface ProcessReport {
  readonly events: readonly NotedEvent[]
  readonly recovery?: Recovery
}
