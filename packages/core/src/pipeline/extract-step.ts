import { join } from 'node:path'
import { createShredder, encodePage } from '@dlt/normalize-json'
import { bumpSchema, createSchema, pipelineStateTable, type Schema, systemTableNames, updateTable } from '@dlt/schema'
import { type RunInContext, withoutContext } from '../extract/async-context.ts'
import { closeResources } from '../extract/close-resources.ts'
import type { ExtractMetrics } from '../extract/extract-metrics.ts'
import { extractSource } from '../extract/extract-source.ts'
import { writePackageFile } from '../extract/package-file.ts'
import type { ExtractSource } from '../extract/plan-sources.ts'
import { makeDirectory, removePath, syncDirectory } from '../packages/durable-files.ts'
import { nextLoadId } from '../packages/load-id.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import { lastLoadId, writeGroupFiles } from '../packages/package-group.ts'
import { bumpState, encodeStateBlob, type PipelineState } from '../state/pipeline-state.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** What an extract works with. */
export interface ExtractStepInput {
  readonly sources: readonly ExtractSource[]
  /** State of the pipeline that is not the data's: dataset and destination. */
  readonly properties: Partial<PipelineState>
  /** Longest identifier at the destination, where that is known. */
  readonly maxIdentifierLength?: number
  /** Whether a changed state is stored with the data. */
  readonly storesState: boolean
  readonly inContext?: RunInContext
}

/** What an extract resulted in. */
export interface ExtractStepResult {
  readonly loadIds: readonly string[]
  readonly sources: ReadonlyMap<string, ExtractMetrics>
}

/**
 * Reads all sources into one group of packages, one for each schema, and commits it by one rename. Before that rename nothing
 * counts: the group lies in `extracting`, state and schemas are untouched, and the next run removes it. After it, the group
 * carries everything: the cache that is written next can be made again from it.
 */
export async function extractStep(session: PipelineSession, input: ExtractStepInput): Promise<ExtractStepResult> {
  const group = await GroupExtract.begin(session, input)
  try {
    return await group.run()
  } catch (error) {
    await group.abandon()
    throw error
  }
}

interface ExtractedSource {
  readonly draft: PackageDraft
  readonly schema: Schema
}

class GroupExtract {
  readonly #session: PipelineSession
  readonly #input: ExtractStepInput
  readonly #loadIds: readonly string[]
  readonly #directory: string

  private constructor(session: PipelineSession, input: ExtractStepInput, loadIds: readonly string[]) {
    this.#session = session
    this.#input = input
    this.#loadIds = loadIds
    this.#directory = join(session.working.stage('extracting'), this.#groupId)
  }

  static async begin(session: PipelineSession, input: ExtractStepInput): Promise<GroupExtract> {
    const loadIds: string[] = []
    let last = await lastLoadId(session.working)
    for (const _ of packageOrder(session, input.sources)) {
      last = nextLoadId(last)
      loadIds.push(last)
    }
    return new GroupExtract(session, input, loadIds)
  }

  get #groupId(): string {
    return this.#loadIds.at(-1) ?? nextLoadId(undefined)
  }

  async run(): Promise<ExtractStepResult> {
    await makeDirectory(this.#directory)
    const metrics = new Map<string, ExtractMetrics>()
    const extracted: ExtractedSource[] = []
    const sources = packageOrder(this.#session, this.#input.sources)
    for (const [position, source] of sources.entries()) {
      const draft = await PackageDraft.create(this.#directory, this.#loadIds[position] ?? this.#groupId)
      const { schema, metrics: read } = await extractSource(source, draft, this.#sourceOptions())
      metrics.set(source.name, read)
      extracted.push({ draft, schema })
    }
    const loadIds = await this.#commit(extracted)
    return { loadIds, sources: metrics }
  }

  async abandon(): Promise<void> {
    for (const { resources } of this.#input.sources) {
      await closeResources(resources, this.#input.inContext ?? withoutContext)
    }
    await removePath(this.#directory)
  }

  #sourceOptions(): Parameters<typeof extractSource>[2] {
    const { maxIdentifierLength, inContext } = this.#input
    return {
      ...(maxIdentifierLength !== undefined && { maxIdentifierLength }),
      ...(inContext !== undefined && { inContext }),
    }
  }

  async #commit(extracted: readonly ExtractedSource[]): Promise<readonly string[]> {
    const { working, snapshot } = this.#session
    const state = this.#resultingState(extracted)
    const withState = await this.#addState(extracted, state.document, state.isNew)
    const counted = withState.filter(({ draft, schema }) => !draft.isEmpty || isChanged(schema, snapshot.schemas))
    for (const { draft } of withState.filter((one) => !counted.includes(one))) await removePath(draft.directory)
    const schemas = new Map(snapshot.schemas)
    for (const { draft, schema } of counted) {
      const stored = bumpSchema(schema)
      schemas.set(stored.name, stored)
      await draft.seal(stored)
    }
    if (counted.length === 0) {
      await removePath(this.#directory)
      return []
    }
    await writeGroupFiles(this.#directory, state.document, snapshot)
    await syncDirectory(working.stage('extracting'))
    await working.move(this.#directory, 'extracted', this.#groupId)
    await this.#session.store({ state: state.document, schemas })
    return counted.map(({ draft }) => draft.loadId)
  }

  #resultingState(extracted: readonly ExtractedSource[]): {
    readonly document: PipelineState
    readonly isNew: boolean
  } {
    const { state, schemas } = this.#session
    const names = new Set([...schemas.keys(), ...extracted.map(({ schema }) => schema.name)])
    const defaultName = state.default_schema_name ?? this.#input.sources[0]?.name ?? null
    const next = bumpState({
      ...state,
      ...this.#input.properties,
      default_schema_name: defaultName,
      schema_names: [...names].sort(),
    })
    const isNew = this.#input.storesState && next._version_hash !== next._local._last_extracted_hash
    if (!isNew) return { document: next, isNew }
    const local = { ...next._local, _last_extracted_at: new Date(), _last_extracted_hash: next._version_hash ?? '' }
    return { document: { ...next, _local: local }, isNew }
  }

  async #addState(
    extracted: readonly ExtractedSource[],
    state: PipelineState,
    isNew: boolean,
  ): Promise<readonly ExtractedSource[]> {
    const carrier = extracted.at(-1)
    if (!isNew || carrier === undefined) return extracted
    const schema = withStateTable(carrier.schema)
    await writeStateRow(carrier.draft, state)
    return [...extracted.slice(0, -1), { draft: carrier.draft, schema }]
  }
}

/** The default schema's source comes last: its package carries the state, and has the highest load id. */
function packageOrder(session: PipelineSession, sources: readonly ExtractSource[]): readonly ExtractSource[] {
  const defaultName = session.state.default_schema_name ?? sources[0]?.name
  if (typeof defaultName !== 'string') return sources
  const own = sources.find(({ name }) => name === defaultName) ?? {
    name: defaultName,
    schema: session.schemas.get(defaultName) ?? createSchema(defaultName),
    resources: [],
  }
  return [...sources.filter((source) => source.name !== defaultName), own]
}

function isChanged(schema: Schema, known: ReadonlyMap<string, Schema>): boolean {
  return bumpSchema(schema).version_hash !== known.get(schema.name)?.version_hash
}

// The reference system makes the table through a resource, so that the stored schema has no description of it.
function withStateTable(schema: Schema): Schema {
  const { description, ...table } = pipelineStateTable()
  return updateTable(schema, table, { mergeCompoundProperties: false }).schema
}

async function writeStateRow(draft: PackageDraft, state: PipelineState): Promise<void> {
  const shredder = createShredder({ maxNesting: 0 })
  shredder.add({
    version: state._state_version,
    engine_version: state._state_engine_version,
    pipeline_name: state.pipeline_name,
    state: encodeStateBlob(state),
    created_at: new Date(),
    version_hash: state._version_hash,
  })
  const bytes = encodePage(shredder.takePage())
  await writePackageFile(draft, { tableName: systemTableNames.state, kind: 'pages', extension: 'page', rows: 1, bytes })
}
