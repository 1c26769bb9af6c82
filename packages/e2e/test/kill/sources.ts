import { type Resource, resource } from '@dlt/core'
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

/** The resources of a scenario that have days to bring. */
export function sourcesOf(
  scenario: Scenario,
  daysOf: (table: string) => readonly number[],
  fails = false,
): readonly Resource[] {
  const { tables, writeDisposition } = scenario
  return tables
    .filter((table) => daysOf(table).length > 0)
    .map((table) => {
      const schema = tables.length > 1 && { schema: createSchema(schemaNameOf(scenario, table)) }
      const rows = () => rowsOf(daysOf(table), scenario)
      return resource({ name: table, writeDisposition, ...schema }, () => (fails ? failing(rows()) : rows()))
    })
}
