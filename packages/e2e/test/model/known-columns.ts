import type { Step, TableName } from './step.ts'

/** Columns of each table that a pipeline has met. */
export type KnownColumns = ReadonlyMap<TableName, ReadonlySet<string>>

/** What a pipeline knows when it has met the items of a step as well. */
export function withItemsOf(known: KnownColumns, { table, items }: Step): KnownColumns {
  return new Map(known).set(table, new Set([...(known.get(table) ?? []), ...items.flatMap(Object.keys)]))
}
