import { join } from 'node:path'
import { bumpSchema, type Schema } from '@dlt/schema'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import { removePath, renameSynced } from '../packages/durable-files.ts'
import { withStateTable, writeStateRow } from '../packages/state-table.ts'
import { withLocalValues } from '../state/local-values.ts'
import { bumpState, type PipelineState, withLocal } from '../state/pipeline-state.ts'
import { withSourceStates } from '../state/source-state.ts'
import type { ExtractStepInput, SourceDraft } from './extract-step.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** A package that will be committed. */
interface CountedDraft extends SourceDraft {
  readonly storesState: boolean
}

/**
 * Seals the packages of an extract and commits them by one rename. Before it nothing counts: the group lies in `extracting`, state
 * and schemas are untouched, and the next step removes it. After it the group carries everything: the cache, which is written
 * next, can be made again from it.
 */
export async function commitExtract(
  session: PipelineSession,
  input: ExtractStepInput,
  directory: string,
  drafts: readonly SourceDraft[],
): Promise<readonly ExtractedPackage[]> {
  const { working, snapshot } = session
  const counted = drafts.map((one) => ({
    ...one,
    schema: countedSchema(one.schema, snapshot.schemas),
    storesState: false,
  }))
  const state = withLocalValues(resultingState(session, input, counted), session.localValues)
  const packages = linked(session, await withNewState(counted, drafts, state, input.storesState))
  const kept = packages.filter(
    (one) => one.draft.files.length > 0 || one.refresh !== undefined || isChanged(one.schema, snapshot.schemas),
  )
  const schemas = new Map(snapshot.schemas)
  for (const { schema } of kept) schemas.set(schema.name, schema)
  const last = kept.at(-1)
  if (last === undefined) {
    await removePath('extract.abandon', directory)
    await session.store({ state, schemas: snapshot.schemas })
    return []
  }
  for (const one of packages) {
    if (!kept.includes(one)) await removePath('extract.abandon', one.draft.directory)
  }
  const { loadId } = last.draft
  const marked = markStored(withLocal(state, { _last_load_id: loadId }), packages)
  for (const one of kept) {
    await one.draft.seal({
      stage: 'extracted',
      groupId: loadId,
      schema: one.schema,
      ...(one === last && { state: marked }),
      ...(input.destination !== undefined && { destination: input.destination }),
      startedFrom: { state: snapshot.state, schema: snapshot.schemas.get(one.schema.name) },
      ...(one.alterations !== undefined && { alterations: one.alterations }),
      ...(one.refresh !== undefined && { refresh: one.refresh }),
    })
    session.written.add(one.draft.loadId)
  }
  await renameSynced('extract.commit', directory, join(working.stage('extracted'), loadId))
  await session.store({ state: marked, schemas })
  await session.schemaFiles.writeMissingImports(kept.map(({ schema }) => schema))
  return kept.map(extractedPackage)
}

function linked({ schemaFiles }: PipelineSession, packages: readonly CountedDraft[]): readonly CountedDraft[] {
  return packages.map((one) => ({ ...one, schema: schemaFiles.linked(one.schema) }))
}

/** The schema with its version counted; the known one where nothing changed, so that not even the order of its settings does. */
function countedSchema(schema: Schema, known: ReadonlyMap<string, Schema>): Schema {
  const counted = bumpSchema(schema)
  const before = known.get(schema.name)
  return before?.version_hash === counted.version_hash ? before : counted
}

function resultingState(
  { state, schemas }: PipelineSession,
  { properties, sources }: ExtractStepInput,
  drafts: readonly SourceDraft[],
): PipelineState {
  const begins = drafts.some(({ refresh }) => refresh !== undefined)
  const names = new Set([...schemas.keys(), ...drafts.map(({ schema }) => schema.name)])
  return bumpState({
    ...(begins && { sources: {} }),
    ...withSourceStates(state, sources),
    ...properties,
    default_schema_name: state.default_schema_name ?? sources[0]?.name ?? null,
    schema_names: [...names].sort(),
  })
}

/** Adds the state to the last package, which is that of the default schema, where it differs from what was stored last. */
async function withNewState(
  counted: readonly CountedDraft[],
  drafts: readonly SourceDraft[],
  state: PipelineState,
  isStored: boolean,
): Promise<readonly CountedDraft[]> {
  const carrier = drafts.at(-1)
  // Whoever takes the state from the destination must find the one that belongs to what is left there.
  const drops = drafts.some(({ refresh }) => (refresh?.dropTables.length ?? 0) > 0)
  const isKnown = state._version_hash === state._local._last_extracted_hash && !drops
  if (!isStored || carrier === undefined || isKnown) return counted
  const schema = withStateTable(carrier.schema)
  await writeStateRow(carrier.draft, schema, state)
  return [...counted.slice(0, -1), { ...carrier, schema, storesState: true }]
}

function markStored(state: PipelineState, packages: readonly CountedDraft[]): PipelineState {
  const { _version_hash: hash } = state
  if (hash === undefined || !packages.some(({ storesState }) => storesState)) return state
  return withLocal(state, { _last_extracted_at: new Date(), _last_extracted_hash: hash })
}

function isChanged({ name, version_hash }: Schema, known: ReadonlyMap<string, Schema>): boolean {
  return known.get(name)?.version_hash !== version_hash
}

function extractedPackage({ draft, schema, metrics, storesState }: CountedDraft): ExtractedPackage {
  return {
    loadId: draft.loadId,
    schemaName: schema.name,
    schemaHash: schema.version_hash,
    storesState,
    ...(metrics !== undefined && { metrics }),
  }
}
