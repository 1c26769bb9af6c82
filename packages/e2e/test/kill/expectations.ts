import { expect } from 'vitest'
import type { DatasetContent } from './dataset-reader.ts'
import { wholeDay } from './days.ts'
import type { Recovery } from './perform.ts'
import { outlineOf, type PointEvent } from './point-event.ts'
import { killedDay, type Scenario } from './scenario.ts'

/** What had happened for good when a process was killed. */
export interface Progress {
  /** Whether the extract was committed, and was not given up. */
  readonly extracted: boolean
  /** Packages of which the destination had committed the rows. */
  readonly loaded: number
}

/** The progress at an event, from the events before it and itself. */
export function progressAt(events: readonly PointEvent[]): Progress {
  let isLoading = false
  let loaded = 0
  let extracted = false
  for (const event of events) {
    const outline = outlineOf(event)
    if (outline === 'after rename extract.commit') extracted = true
    if (outline === 'after rename abort.commit') extracted = false
    if (event.point === 'load.commit') isLoading = event.moment === 'before'
    if (isLoading && outline === 'after call sql.commit') loaded++
  }
  return { extracted, loaded }
}

const daysUpTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

/** The tables in the order in which their packages are loaded: that of the default schema, which carries the state, is the last. */
const loadOrder = ({ tables: [first, ...others] }: Scenario): readonly string[] => [
  ...others,
  ...(first === undefined ? [] : [first]),
]

/** Right after the kill a reader sees all of a package or nothing of it: exactly the packages that were committed. */
export function expectWholePackages(
  content: DatasetContent,
  scenario: Scenario,
  { loaded }: Progress,
  at: string,
): void {
  const { daysBefore, writeDisposition } = scenario
  for (const [position, table] of loadOrder(scenario).entries()) {
    const known = position < loaded ? killedDay(scenario) : daysBefore
    const days = writeDisposition === 'replace' ? daysUpTo(known).slice(-1) : daysUpTo(known)
    expect(content.days[table], `${at}: seen in "${table}"`).toEqual(days.map((day) => wholeDay(day, scenario)))
  }
  expect(content.problems, at).toEqual([])
}

/** Tables of which the killed day is nowhere any more, and is read again. */
function lostTables(scenario: Scenario, { extracted, loaded }: Progress): readonly string[] {
  const { tables, losesWorkingDirectory } = scenario
  if (!losesWorkingDirectory) return extracted ? [] : tables
  const kept = loadOrder(scenario).slice(0, loaded)
  return tables.filter((table) => !kept.includes(table))
}

/** After the next run each row is there exactly once, and what the pipeline knows agrees with what the destination knows. */
export function expectRecovered(
  { recovery, content }: { readonly recovery: Recovery; readonly content: DatasetContent },
  scenario: Scenario,
  progress: Progress,
  at: string,
): void {
  const day = killedDay(scenario)
  expect(recovery.extractedAgain, `${at}: what was committed is not read again`).toEqual(lostTables(scenario, progress))
  const days = scenario.writeDisposition === 'replace' ? [day] : daysUpTo(day + 1)
  for (const table of scenario.tables) {
    expect(content.days[table], `${at}: rows of "${table}"`).toEqual(days.map((each) => wholeDay(each, scenario)))
  }
  expect(content.problems, at).toEqual([])
  expect(recovery.pending, `${at}: pending packages`).toBe(0)
  expect(content.stateHash, `${at}: stored state and local state`).toBe(recovery.stateHash)
  expect(content.schemaHashes, `${at}: schemas of the last loads and local schemas`).toEqual(recovery.schemaHashes)
}
