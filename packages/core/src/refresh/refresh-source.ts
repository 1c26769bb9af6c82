import { dropTables, type Schema, updateSchema } from '@dlt/schema'
import type { ExtractSource } from '../extract/plan-sources.ts'
import { withSchemaContract } from '../extract/source-options.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { tablesOfResources } from './resource-tables.ts'

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

/**
 * A source that begins anew. Its schema and state change only in the packages of this extract: whoever gives them up, or fails before
 * they are normalized, has everything as it was.
 *
 * @param known the pipeline's schema of that name; nothing changes where there is none
 */
export function refreshSource(source: ExtractSource, known: Schema | undefined, mode: RefreshMode): ExtractSource {
  if (known === undefined) return source
  const loaded = new Set(source.resources.filter(({ selected }) => selected).map(({ name }) => name))
  const { tables, withData } = tablesOfResources(known, (name) => mode === 'drop_sources' || loaded.has(name))
  // The state of a whole source is forgotten before its function runs, see `forgottenStates`.
  source.state.forget(mode === 'drop_sources' ? [] : loaded)
  if (mode === 'drop_data') return { ...source, refresh: { mode, dropTables: [], truncateTables: withData } }
  const given =
    mode === 'drop_sources'
      ? replacing(known, source.givenSchema)
      : updateSchema(dropTables(known, tables), source.givenSchema).schema
  const { schemaContract } = source
  return {
    ...source,
    schema: schemaContract === undefined ? given : withSchemaContract(given, schemaContract),
    refresh: { mode, dropTables: withData, truncateTables: [] },
  }
}

/** A schema that takes the place of another one, and remembers it. */
function replacing(known: Schema, given: Schema): Schema {
  return { ...given, previous_hashes: [known.version_hash] }
}

/** The states of sources as they are when everything is forgotten: an entry stays, and one for resources, as in the reference system. */
export function forgottenStates(states: NonNullable<PipelineState['sources']>): NonNullable<PipelineState['sources']> {
  const forgotten = Object.entries(states).map(([name, stored]) => {
    const hasResources = typeof stored === 'object' && stored !== null && 'resources' in stored
    return [name, hasResources ? { resources: {} } : {}] as const
  })
  return Object.fromEntries(forgotten)
}
