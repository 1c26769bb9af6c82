import { type Resource, type ResourceOptions, resource } from '@dlt/core'
import { createSchema } from '@dlt/schema'
import { rowsOf } from './days.ts'
import type { Scenario } from './scenario.ts'

/** What a source that fails throws. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'
}

/** Name of the schema that a table of a scenario is in. */
export const schemaNameOf = ({ tables }: Scenario, table: string): string =>
  tables.length > 1 ? `${table}_schema` : 'shop'

function* failing(rows: Iterable<object>): Generator<object> {
  yield* rows
  throw new SourceFailure('The source fails.')
}

type Hints = Pick<ResourceOptions, 'writeDisposition' | 'primaryKey' | 'mergeKey' | 'incremental'>

function hintsOf({ merge, writeDisposition }: Scenario): Hints {
  // A cursor that moved beyond what was loaded would keep a day out that is extracted again.
  if (merge === undefined && writeDisposition === 'append')
    return { writeDisposition, incremental: { cursorPath: 'day', primaryKey: [] } }
  if (merge === undefined) return { writeDisposition }
  const disposition = { disposition: 'merge', strategy: merge } as const
  return { writeDisposition: disposition, ...(merge === 'scd2' ? { mergeKey: 'day' } : { primaryKey: 'id' }) }
}

/** The days of a load. A merge meets rows that are there: those of the day before come again. */
export const daysBrought = (days: readonly number[], { merge }: Scenario): readonly number[] =>
  merge === undefined ? days : [...new Set([...days.map((day) => day - 1), ...days])].filter((day) => day > 0)

/** The resources of a scenario that have days to bring. */
export function sourcesOf(
  scenario: Scenario,
  daysOf: (table: string) => readonly number[],
  fails = false,
): readonly Resource[] {
  const { tables } = scenario
  return tables
    .filter((table) => daysOf(table).length > 0)
    .map((table) => {
      const schema = tables.length > 1 && { schema: createSchema(schemaNameOf(scenario, table)) }
      const rows = () => rowsOf(daysBrought(daysOf(table), scenario), scenario)
      return resource({ name: table, ...hintsOf(scenario), ...schema }, () => (fails ? failing(rows()) : rows()))
    })
}
