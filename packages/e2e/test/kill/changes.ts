import type { RefreshMode } from '@dlt/core'
import { type DayCounts, wholeDay } from './days.ts'
import type { Progress } from './expectations.ts'
import { killedDay, type Scenario } from './scenario.ts'

/** What a run removes beside what it brings: a refresh, or without rows the tables of its resources, or a column of them. */
export type Change = RefreshMode | 'drop' | 'alter'

/** The column that is dropped by `alter`; rows have it from the second day on. */
export const droppedColumn = 'note'

const wholeDays = (days: readonly number[], scenario: Scenario): readonly DayCounts[] =>
  days.map((day) => wholeDay(day, scenario))

const withoutNotes = (days: readonly DayCounts[]): readonly DayCounts[] => days.map((day) => ({ ...day, notes: 0 }))

/**
 * What readers see of a scenario with a change. Tables and columns go when the schema is updated, in one transaction; rows come in another,
 * as do those that replace the rows of tables that stay.
 */
export function seenWith(change: Change, scenario: Scenario, { updated, loaded }: Progress): readonly DayCounts[] {
  const before = wholeDays(daysBeforeOf(scenario), scenario)
  if (change === 'alter') return updated ? withoutNotes(before) : before
  if (loaded > 0) return change === 'drop' ? [] : wholeDays([killedDay(scenario)], scenario)
  return updated && change !== 'drop_data' ? [] : before
}

/** What is there when the next run has brought one more day. */
export function recoveredWith(change: Change, scenario: Scenario): readonly DayCounts[] {
  const next = killedDay(scenario) + 1
  if (change === 'alter') return withoutNotes(wholeDays([...daysBeforeOf(scenario), next], scenario))
  return wholeDays(change === 'drop' ? [next] : [killedDay(scenario), next], scenario)
}

/** Whether a table shows that the change was made. */
export function isMade(change: Change, scenario: Scenario, days: readonly DayCounts[] = []): boolean {
  if (change === 'alter') return days.every(({ notes }) => notes === 0)
  if (change === 'drop') return days.every(({ day }) => day >= killedDay(scenario))
  return days.some(({ day }) => day === killedDay(scenario))
}

const daysBeforeOf = ({ daysBefore }: Scenario): readonly number[] =>
  Array.from({ length: daysBefore }, (_, index) => index + 1)
