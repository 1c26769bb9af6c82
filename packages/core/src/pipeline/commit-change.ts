import { join } from 'node:path'
import type { Destination } from '@dlt/destination'
import { DltError, type Schema } from '@dlt/schema'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import { makeDirectory, removePath } from '../packages/durable-files.ts'
import { nextLoadId } from '../packages/load-id.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { commitExtract } from './commit-extract.ts'
import type { SourceDraft } from './extract-step.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** A change without rows. */
export interface ChangeInput {
  /** The schema that results, and what the destination must do. */
  readonly change: Omit<SourceDraft, 'draft' | 'metrics'>
  /** What the state says from now on. */
  readonly properties: Partial<PipelineState>
  readonly destination: Destination
}

/**
 * Makes a load package of a change: without rows, with the schema that results and with what the destination must do. So a change is
 * loaded, tried again and given up as data is, and a crash anywhere is harmless for the same reasons.
 */
export async function commitChange(
  session: PipelineSession,
  { change, properties, destination }: ChangeInput,
): Promise<readonly ExtractedPackage[]> {
  const { schema } = change
  const planned = plan(session, [...new Set([schema.name, session.state.default_schema_name ?? schema.name])])
  const directory = join(session.working.stage('extracting'), planned.at(-1)?.loadId ?? '')
  try {
    await makeDirectory('directory.create', directory)
    const drafts: SourceDraft[] = []
    for (const { name, loadId } of planned) {
      const draft = await PackageDraft.create(directory, loadId)
      if (name === schema.name) drafts.push({ ...change, draft })
      else drafts.push({ draft, schema: requireSchema(session, name) })
    }
    return await commitExtract(session, { sources: [], properties, destination, storesState: true }, directory, drafts)
  } catch (error) {
    await removePath('extract.abandon', directory).catch(() => undefined)
    throw error
  }
}

interface PlannedPackage {
  readonly name: string
  readonly loadId: string
}

function plan(session: PipelineSession, names: readonly string[]): readonly PlannedPackage[] {
  let last = session.lastLoadId
  return names.map((name) => {
    last = nextLoadId(last)
    return { name, loadId: last }
  })
}

/**
 * A schema of a pipeline by its name; the default one without a name.
 * @throws DltError `SCHEMA` where there is none
 */
export function requireSchema(
  { pipelineName, schemas, defaultSchema }: PipelineSession,
  name: string | undefined,
): Schema {
  const schema = name === undefined ? defaultSchema : schemas.get(name)
  if (schema !== undefined) return schema
  const known = [...schemas.keys()].map((one) => `"${one}"`).join(', ') || 'none'
  throw new DltError(
    `Pipeline "${pipelineName}" has no schema ${name === undefined ? 'yet' : `"${name}"`}: it has ${known}. Load data first, or name one of them.`,
    { code: 'SCHEMA', context: { pipeline: pipelineName, ...(name !== undefined && { schema: name }) } },
  )
}
