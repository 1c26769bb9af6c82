import type { StoredState } from '@dlt/destination'
import type { Schema } from '@dlt/schema'

/**
 * Names of local schemas that the last loads into a dataset did not have as they are here, and that may have been changed elsewhere. One
 * that is here a later version of what was loaded is not among them.
 */
export function differingSchemas(
  schemas: ReadonlyMap<string, Schema>,
  { schemaHashes = new Map() }: Pick<StoredState, 'schemaHashes'>,
): readonly string[] {
  return [...schemas.values()]
    .filter(({ name, version_hash: hash, previous_hashes: earlier }) => {
      const loaded = schemaHashes.get(name)
      return loaded !== undefined && loaded !== hash && !earlier.includes(loaded)
    })
    .map(({ name }) => name)
}

/**
 * Those of some stored schemas that came from the local ones by changes made elsewhere. Another pipeline that shares a schema's name in the
 * dataset has one of its own, which comes from nothing that is here. A schema remembers its last ten states.
 */
export function laterSchemas(
  stored: ReadonlyMap<string, Schema>,
  local: ReadonlyMap<string, Schema>,
): ReadonlyMap<string, Schema> {
  const isLater = ({ name, previous_hashes: earlier }: Schema) => earlier.includes(local.get(name)?.version_hash ?? '')
  return new Map([...stored].filter(([, schema]) => isLater(schema)))
}
