import { basename, join } from 'node:path'
import type { Destination } from '@dlt/destination'
import { type ColumnAlteration, createSchema, type NameLimit, type Schema } from '@dlt/schema'
import { verifyDispositions } from '../dispositions/verify-dispositions.ts'
import { closeResources } from '../extract/close-resources.ts'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import type { ExtractMetrics } from '../extract/extract-metrics.ts'
import { extractSource } from '../extract/extract-source.ts'
import type { ExtractSource } from '../extract/plan-sources.ts'
import { withoutContext } from '../items/async-context.ts'
import type { HeadStart } from '../normalize/head-start/head-start.ts'
import { makeDirectory, removePath } from '../packages/durable-files.ts'
import { nextLoadId } from '../packages/load-id.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import type { SourceRefresh } from '../packages/source-refresh.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { withoutDropped } from './check-dispositions.ts'
import { commitExtract } from './commit-extract.ts'
import type { PipelineSession } from './pipeline-session.ts'
import { sourceSettings } from './step-settings.ts'

/** What an extract works with. */
export interface ExtractStepInput {
  readonly sources: readonly ExtractSource[]
  /** What the state says of dataset and destination. */
  readonly properties: Partial<PipelineState>
  /** Longest identifier at the destination, where that is known. */
  readonly maxIdentifierLength?: NameLimit
  /** The destination that packages are made for, where that is known. */
  readonly destination?: Destination
  /** Whether a state that changed is stored with the data. */
  readonly storesState: boolean
  /** Whether items that contracts discard are kept in a table of their own. Default: false. */
  readonly quarantines?: boolean
  /** Normalizes what is extracted meanwhile. Default: nobody does. */
  readonly headStart?: HeadStart
}

/** A source that was read into a package which does not count yet. */
export interface SourceDraft {
  readonly draft: PackageDraft
  /** The schema with the hints of the source; its version is not counted. */
  readonly schema: Schema
  readonly metrics?: ExtractMetrics
  /** What is removed at the destination before the rows are loaded. Default: nothing. */
  readonly refresh?: SourceRefresh
  /** Columns that were dropped or renamed. Default: none. */
  readonly alterations?: readonly ColumnAlteration[]
}

/**
 * Reads all sources into one group of packages, one for each schema, and commits it by one rename. When a source fails, nothing of
 * the group stays, and state and schemas are as they were.
 */
export async function extractStep(
  session: PipelineSession,
  input: ExtractStepInput,
): Promise<readonly ExtractedPackage[]> {
  const planned = planPackages(session, input.sources)
  const directory = join(session.working.stage('extracting'), planned.at(-1)?.loadId ?? nextLoadId(session.lastLoadId))
  try {
    await makeDirectory('directory.create', directory)
    const drafts = new Map<string, SourceDraft>()
    for (const source of input.sources) {
      const { loadId } = planned.find(({ name }) => name === source.name) ?? {}
      if (loadId !== undefined) drafts.set(loadId, await readSource(directory, loadId, source, session, input))
    }
    const ordered: SourceDraft[] = []
    for (const { name, loadId } of planned) {
      ordered.push(drafts.get(loadId) ?? (await emptyDraft(directory, loadId, name, session)))
    }
    return await commitExtract(session, input, directory, ordered)
  } catch (error) {
    for (const { resources } of input.sources) await closeResources(resources, withoutContext)
    // What cannot be removed now is a leftover for the next step; why the extract failed must not be lost over it.
    await removePath('extract.abandon', directory).catch(() => undefined)
    throw error
  }
}

interface PlannedPackage {
  readonly name: string
  readonly loadId: string
}

// The package of the default schema carries a new state: it comes last, so that no state is at a destination before its data.
function planPackages(session: PipelineSession, sources: readonly ExtractSource[]): readonly PlannedPackage[] {
  const names = sources.map(({ name }) => name)
  const defaultName = session.state.default_schema_name ?? names[0]
  const ordered = names.filter((name) => name !== defaultName)
  if (typeof defaultName === 'string') ordered.push(defaultName)
  let last = session.lastLoadId
  return ordered.map((name) => {
    last = nextLoadId(last)
    return { name, loadId: last }
  })
}

async function readSource(
  directory: string,
  loadId: string,
  source: ExtractSource,
  session: PipelineSession,
  { maxIdentifierLength, destination, headStart, quarantines }: ExtractStepInput,
): Promise<SourceDraft> {
  const draft = await PackageDraft.create(directory, loadId)
  const ahead = headStart?.begin(basename(directory), loadId)
  const known = source.refresh?.mode === 'drop_sources' ? new Map<string, Schema>() : session.schemas
  const started = { ...source, schema: startingSchema(source.schema, known) }
  const { pipelineName, logger } = session
  const { section = source.name } = source.groups.find((group) => group.section !== undefined) ?? {}
  const read = await extractSource(started, draft, {
    ...sourceSettings({ section, name: source.name }, { pipelineName }),
    pipelineName,
    warn: (message) => logger.warning(`Pipeline "${pipelineName}": ${message}`),
    explain: (message) => logger.debug(`Pipeline "${pipelineName}": ${message}`),
    ...(maxIdentifierLength !== undefined && { maxIdentifierLength }),
    ...(quarantines !== undefined && { quarantines }),
    ...(ahead !== undefined && { onFile: (file, schema) => ahead.add(file, join(draft.directory, file.name), schema) }),
  })
  if (destination !== undefined) {
    const tableNames = new Set(draft.files.map(({ tableName }) => tableName))
    const before = withoutDropped(session.schemas.get(source.name), source.refresh)
    verifyDispositions(read.schema, tableNames, destination, before)
  }
  return { draft, ...read, ...(source.refresh !== undefined && { refresh: source.refresh }) }
}

async function emptyDraft(
  directory: string,
  loadId: string,
  name: string,
  session: PipelineSession,
): Promise<SourceDraft> {
  const draft = await PackageDraft.create(directory, loadId)
  return { draft, schema: session.schemas.get(name) ?? startingSchema(createSchema(name), session.schemas) }
}

// A schema that was made just now has not been counted yet, though it has a hash already: what is stored first is version 1.
function startingSchema(schema: Schema, known: ReadonlyMap<string, Schema>): Schema {
  if (known.has(schema.name)) return schema
  const fresh = createSchema(schema.name, { naming: schema.normalizers.names })
  return schema.version_hash === fresh.version_hash ? { ...schema, version_hash: '' } : schema
}
