import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Schema, schemaFromJson, schemaToJson, updateSchema } from '@dlt/schema'
import { readFileIfPresent, removePath, replaceFile } from '../packages/durable-files.ts'
import type { PackageGroup, PipelineSnapshot } from '../packages/package-group.ts'
import type { WorkingDirectory } from '../packages/working-directory.ts'
import { createState, decodeState, encodeState } from './pipeline-state.ts'

/** Reads the cached state and schemas; those of a pipeline that never ran when there are none. Needs no lock. */
export function readCache(working: WorkingDirectory, pipelineName: string): PipelineSnapshot {
  const state = existsSync(working.statePath)
    ? decodeState(readFileSync(working.statePath, 'utf8'), working.statePath)
    : createState(pipelineName)
  const files = existsSync(working.schemasPath) ? readdirSync(working.schemasPath).sort() : []
  const schemas = files
    .filter((name) => name.endsWith('.schema.json'))
    .map((name) => schemaFromJson(readFileSync(join(working.schemasPath, name), 'utf8')))
  return { state, schemas: new Map(schemas.map((schema) => [schema.name, schema])) }
}

/**
 * Writes the cache, each file as a whole and only where it changed. A crash between two files leaves an older part: packages
 * that are pending roll it forward, and a restored state is restored again.
 */
export async function writeCache(
  working: WorkingDirectory,
  before: PipelineSnapshot,
  after: PipelineSnapshot,
): Promise<void> {
  for (const [name, schema] of after.schemas) {
    if (before.schemas.get(name)?.version_hash === schema.version_hash) continue
    await replaceFile(working.schemaPath(name), schemaToJson(schema, { pretty: true }))
  }
  for (const name of before.schemas.keys()) {
    if (!after.schemas.has(name)) await removePath(working.schemaPath(name))
  }
  const state = encodeState(after.state)
  if (state !== (await readFileIfPresent(working.statePath))) await replaceFile(working.statePath, state)
}

/** State and schemas after everything that is pending: what the packages say counts, whatever the cache says. */
export function rolledForward(cached: PipelineSnapshot, pending: readonly PackageGroup[]): PipelineSnapshot {
  const schemas = new Map(cached.schemas)
  for (const { schema } of pending.flatMap(({ packages }) => packages)) {
    schemas.set(schema.name, newerSchema(schemas.get(schema.name), schema))
  }
  const last = pending.at(-1)
  // What only this machine knows stays as the cache has it: a load may have ended since the group was extracted.
  const state =
    last === undefined ? cached.state : { ...last.state, _local: { ...last.state._local, ...localOf(cached) } }
  return { state, schemas }
}

function localOf({ state }: PipelineSnapshot): { readonly first_run: boolean } {
  return { first_run: state._local.first_run }
}

function newerSchema(known: Schema | undefined, packaged: Schema): Schema {
  if (known === undefined || known.version_hash === packaged.version_hash) return packaged
  if (known.previous_hashes.includes(packaged.version_hash)) return known
  if (packaged.previous_hashes.includes(known.version_hash)) return packaged
  return updateSchema(known, packaged).schema
}
