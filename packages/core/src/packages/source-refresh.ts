/**
 * How much begins anew before data is loaded: `drop_sources`, all tables of the sources and their state; `drop_resources`, the tables
 * and the state of the resources that are loaded; `drop_data`, the rows of these tables and the state of these resources.
 */
export type RefreshMode = 'drop_sources' | 'drop_resources' | 'drop_data'

/** All modes. */
export const refreshModes: readonly RefreshMode[] = ['drop_sources', 'drop_resources', 'drop_data']

/** What a load package removes at the destination before its rows are loaded. */
export interface SourceRefresh {
  readonly mode: RefreshMode
  /** Tables that are dropped, nested ones first. */
  readonly dropTables: readonly string[]
  /** Tables that are emptied. */
  readonly truncateTables: readonly string[]
}
