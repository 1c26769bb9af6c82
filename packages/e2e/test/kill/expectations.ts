import { expect } from 'vitest'
import { recoveredWith, seenWith } from './changes.ts'
import type { DatasetContent } from './dataset-reader.ts'
import { type DayCounts, wholeDay } from './days.ts'
import type { Recovery } from './perform.ts'
import { outlineOf, type PointEvent } from './point-event.ts'
import { killedDay, type Scenario } from './scenario.ts'
import { daysBrought } from './sources.ts'

/** What had happened for good when a process was killed. */
export interface Progress {
  /** Whether the extract was committed, and was not given up. */
  readonly extracted: boolean
  /** Whether the destination had committed a change of its tables. */
  readonly updated: boolean
  /** Packages of which the destination had committed the rows. */
  readonly loaded: number
}

/** The progress at an event, from the events before it and itself. */
export function progressAt(events: readonly PointEvent[]): Progress {
  let isLoading = false
  let isUpdating = false
  let updated = false
  let loaded = 0
  let extracted = false
  for (const event of events) {
    const outline = outlineOf(event)
    if (outline === 'after rename extract.commit') extracted = true
    if (outline === 'after rename abort.commit') extracted = false
    if (event.point === 'load.commit') isLoading = event.moment === 'before'
    if (event.point === 'load.update-schema') isUpdating = event.moment === 'before'
    if (outline !== 'after call sql.commit') continue
    if (isLoading) loaded++
    else if (isUpdating) updated = true
  }
  return { extracted, updated, loaded }
}

const daysUpTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

/** The tables in the order in which their packages are loaded: that of the default schema, which carries the state, is the last. */
const loadOrder = ({ tables: [first, ...others] }: Scenario): readonly string[] => [
  ...others,
  ...(first === undefined ? [] : [first]),
]

/** The days that a table has after loads of the days up to one, of which the last load brought some anew. */
function daysAfter(scenario: Scenario, last: readonly number[], day: number): readonly number[] {
  if (scenario.writeDisposition === 'replace') return [day]
  // What a load does not have is deleted.
  return scenario.merge === 'cdc' ? daysBrought(last, scenario) : daysUpTo(day)
}

/** What a reader sees of the table whose package is loaded at a position. */
function seenDays(scenario: Scenario, progress: Progress, position: number): readonly DayCounts[] {
  const { daysBefore, change } = scenario
  if (change !== undefined) return seenWith(change, scenario, progress)
  const known = position < progress.loaded ? killedDay(scenario) : daysBefore
  return daysAfter(scenario, [known], known).map((day) => wholeDay(day, scenario))
}

/** Right after the kill a reader sees all of a package or nothing of it: exactly the packages that were committed. */
export function expectWholePackages(content: DatasetContent, scenario: Scenario, progress: Progress, at: string): void {
  for (const [position, table] of loadOrder(scenario).entries()) {
    expect(content.days[table], `${at}: seen in "${table}"`).toEqual(seenDays(scenario, progress, position))
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

function recoveredDays(scenario: Scenario, isReadAgain: boolean): readonly DayCounts[] {
  const { change, writeDisposition } = scenario
  if (change !== undefined) return recoveredWith(change, scenario)
  const day = killedDay(scenario)
  if (writeDisposition === 'replace') return [wholeDay(day, scenario)]
  const last = isReadAgain ? [day, day + 1] : [day + 1]
  return daysAfter(scenario, last, day + 1).map((each) => wholeDay(each, scenario))
}

/** After the next run each row is there exactly once, and what the pipeline knows agrees with what the destination knows. */
export function expectRecovered(
  { recovery, content }: { readonly recovery: Recovery; readonly content: DatasetContent },
  scenario: Scenario,
  progress: Progress,
  at: string,
): void {
  const lost = lostTables(scenario, progress)
  expect(recovery.extractedAgain, `${at}: what was committed is not read again`).toEqual(lost)
  for (const table of scenario.tables) {
    expect(content.days[table], `${at}: rows of "${table}"`).toEqual(recoveredDays(scenario, lost.includes(table)))
  }
  expect(content.problems, at).toEqual([])
  expect(recovery.pending, `${at}: pending packages`).toBe(0)
  expect(content.stateHash, `${at}: stored state and local state`).toBe(recovery.stateHash)
  expect(content.schemaHashes, `${at}: schemas of the last loads and local schemas`).toEqual(recovery.schemaHashes)
}
