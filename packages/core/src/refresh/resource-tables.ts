import { childTables, isDltTable, isNestedTable, type Schema } from '@dlt/schema'
import { normalizerMarks } from '../hints/normalizer-marks.ts'

/** Tables that resources filled, with those nested in them. */
export interface ResourceTables {
  /** The resources that have tables. */
  readonly resources: readonly string[]
  /** All their tables, nested ones before those that they are nested in. */
  readonly tables: readonly string[]
  /** Those of them that have had rows, so that they are at the destination. */
  readonly withData: readonly string[]
}

/** The tables of the resources that a function picks by name; never the system's own. */
export function tablesOfResources(schema: Schema, picks: (resource: string) => boolean): ResourceTables {
  const roots = [...schema.tables.values()].filter(
    (table) =>
      !isNestedTable(table) && !isDltTable(table.name) && table.resource !== undefined && picks(table.resource),
  )
  const tables = roots.flatMap(({ name }) => childTables(schema, name)).toReversed()
  return {
    resources: [...new Set(roots.flatMap(({ resource = '' }) => resource))],
    tables: tables.map(({ name }) => name),
    withData: tables.filter((table) => normalizerMarks(table)['seen-data'] === true).map(({ name }) => name),
  }
}
