import { DltError, type Schema, schemaFromJson, schemaToJson } from '@dlt/schema'
import {
  createState,
  decodeState,
  encodeState,
  hashState,
  type PipelineState,
  unreadableState,
  withLocal,
} from '../state/pipeline-state.ts'
import { removePath, replaceFile } from './durable-files.ts'
import { readLoadedPackages } from './loaded-packages.ts'
import type { PackageGroup, StoredPackage } from './package-group.ts'
import { listDirectory, readFileIfPresent } from './present-files.ts'
import type { WorkingDirectory } from './working-directory.ts'

/** State and schemas of a pipeline at one moment. An immutable value. */
export interface PipelineSnapshot {
  readonly state: PipelineState
  readonly schemas: ReadonlyMap<string, Schema>
}

/**
 * State and schemas as the working directory has them: the cache, rolled forward from packages that are pending, and made again
 * from packages where it is missing or damaged. Needs no lock.
 *
 * @throws DltError `STATE` or `SCHEMA` when the cache is damaged and no package has what it held
 */
export function readSnapshot(
  working: WorkingDirectory,
  pipelineName: string,
  pending: readonly PackageGroup[],
): PipelineSnapshot {
  const packages = pending.flatMap((group) => group.packages)
  const state = afterLoads(working, rolledForward(readState(working, pipelineName, pending), pending.at(-1)))
  const schemas = readSchemas(working, state, packages)
  for (const { schema } of packages) {
    // Every step starts from the schema that the one before resulted in, so the higher version is the later one.
    if (schema.version > (schemas.get(schema.name)?.version ?? -1)) schemas.set(schema.name, schema)
  }
  return { state, schemas }
}

/**
 * Writes the cache, each file as a whole and only where it changed. A crash between two files leaves an older part: packages that
 * are pending bring it up again, and what was restored is restored again.
 */
export async function writeCache(working: WorkingDirectory, { state, schemas }: PipelineSnapshot): Promise<void> {
  for (const schema of schemas.values()) {
    const path = working.schemaPath(schema.name)
    const text = schemaToJson(schema, { pretty: true })
    if (text !== readFileIfPresent(path)) await replaceFile('cache.schema', path, text)
  }
  for (const name of cachedSchemaNames(working)) {
    if (!schemas.has(name)) await removePath('cache.remove-schema', working.schemaPath(name))
  }
  const text = encodeState(state)
  if (text !== readFileIfPresent(working.statePath)) await replaceFile('cache.state', working.statePath, text)
}

function rolledForward(cached: PipelineState, last: PackageGroup | undefined): PipelineState {
  const known = cached._local._last_load_id
  if (last === undefined || (known !== undefined && Number(known) >= Number(last.id))) return cached
  // A load may have ended since the group was extracted: that is what the cache knows better.
  return withLocal(last.state, { first_run: last.state._local.first_run && cached._local.first_run })
}

// A process may have died when it had loaded its first package, before it noted that.
function afterLoads(working: WorkingDirectory, state: PipelineState): PipelineState {
  if (!state._local.first_run || working.loadedPackages().length === 0) return state
  return withLocal(state, { first_run: false })
}

function readState(working: WorkingDirectory, pipelineName: string, pending: readonly PackageGroup[]): PipelineState {
  const text = readFileIfPresent(working.statePath)
  const cached = text === undefined ? undefined : intactState(text, working.statePath)
  if (cached !== undefined) return cached
  const packaged = pending.at(-1)?.state ?? newestLoaded(working, ({ state }) => state !== undefined)?.state
  if (packaged !== undefined) return packaged
  if (text === undefined) return createState(pipelineName)
  throw unreadableState(working.statePath, 'its content is not what was written')
}

function intactState(text: string, path: string): PipelineState | undefined {
  try {
    const state = decodeState(text, path)
    return state._version_hash === hashState(state) ? state : undefined
  } catch (error) {
    // A state of a newer version is not damaged: an older one must not go on from a copy.
    if (DltError.is(error) && error.context['engineVersion'] !== undefined) throw error
    return undefined
  }
}

function readSchemas(
  working: WorkingDirectory,
  state: PipelineState,
  pending: readonly StoredPackage[],
): Map<string, Schema> {
  const names = new Set([...cachedSchemaNames(working), ...(state.schema_names ?? [])])
  const schemas = new Map<string, Schema>()
  for (const name of names) {
    const schema = readSchema(working, name, pending)
    if (schema !== undefined) schemas.set(name, schema)
  }
  return schemas
}

function readSchema(working: WorkingDirectory, name: string, pending: readonly StoredPackage[]): Schema | undefined {
  const path = working.schemaPath(name)
  const text = readFileIfPresent(path)
  const cached = text === undefined ? undefined : intactSchema(text)
  if (cached !== undefined) return cached
  const isOf = ({ schema }: StoredPackage) => schema.name === name
  const packaged = pending.findLast(isOf) ?? newestLoaded(working, isOf)
  if (packaged !== undefined || text === undefined) return packaged?.schema
  throw new DltError(
    `The schema "${name}" in "${path}" is damaged. Restore it from a backup; or remove it, then run restores the schema from the destination.`,
    { code: 'SCHEMA', context: { schema: name, file: path } },
  )
}

// Version and hash are the first keys of a schema document.
const beginning = 200

function intactSchema(text: string): Schema | undefined {
  try {
    const schema = schemaFromJson(text)
    // Reading takes the hash anew: what was written has it at its beginning.
    return text.slice(0, beginning).includes(`"${schema.version_hash}"`) ? schema : undefined
  } catch {
    // Damaged in a way that shows earlier; the caller looks for a copy.
    return undefined
  }
}

function newestLoaded(
  working: WorkingDirectory,
  isWanted: (stored: StoredPackage) => boolean,
): StoredPackage | undefined {
  for (const stored of readLoadedPackages(working)) {
    if (isWanted(stored)) return stored
  }
  return undefined
}

const schemaEnding = '.schema.json'

function cachedSchemaNames(working: WorkingDirectory): readonly string[] {
  return listDirectory(working.schemasPath)
    .filter((name) => name.endsWith(schemaEnding))
    .map((name) => name.slice(0, -schemaEnding.length))
}
