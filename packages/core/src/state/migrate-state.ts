import { DltError } from '@dlt/schema'

/** Version of the layout of state documents that is written here. */
export const stateEngineVersion = 4

interface Document {
  readonly [key: string]: unknown
}

/**
 * Brings a state document that an older version of the reference system wrote to the current layout.
 *
 * @throws DltError `STATE` when it is newer than this version knows
 */
export function migrateState(value: unknown, where: string): Document {
  const document: Document = typeof value === 'object' && value !== null ? { ...value } : {}
  const { _state_engine_version: engine } = document
  if (typeof engine !== 'number') return document
  if (engine > stateEngineVersion) {
    throw new DltError(
      `The state in "${where}" has engine version ${engine}, and this version knows up to ${stateEngineVersion}. Update dlt.`,
      { code: 'STATE', context: { file: where, engineVersion: engine } },
    )
  }
  const migrated = withDestinationName(engine < stateEngineVersion ? withDestinationTypes(document) : document)
  return { ...migrated, _local: migrated['_local'] ?? { first_run: false } }
}

// Up to version 3 there was one name for the kind of a destination; its hash was taken of that.
function withDestinationTypes({ destination, staging, _version_hash, ...document }: Document): Document {
  return {
    ...document,
    _state_engine_version: stateEngineVersion,
    destination_type: destination ?? null,
    destination_name: null,
    ...(staging !== undefined && { staging_type: staging, staging_name: null }),
  }
}

// A name that only repeats the kind is no name; older releases wrote it.
function withDestinationName(document: Document): Document {
  const { destination_type: type, destination_name: name } = document
  const isShortName = typeof type === 'string' && typeof name === 'string' && type.split('.').at(-1) === name
  return isShortName ? { ...document, destination_name: null } : document
}
