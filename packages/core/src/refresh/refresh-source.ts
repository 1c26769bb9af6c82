import { dropTables, type Schema, updateSchema } from '@dlt/schema'
import { withSchemaContract } from '../declare/source-options.ts'
import type { ExtractSource } from '../extract/plan-sources.ts'
import type { RefreshMode } from '../packages/source-refresh.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { tablesOfResources } from './resource-tables.ts'

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
