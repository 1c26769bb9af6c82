import { join } from 'node:path'
import type { Destination } from '@dlt/destination'
import { alterSchema, type ColumnAlteration, DltError, type Schema } from '@dlt/schema'
import { makeDirectory, removePath } from '../packages/durable-files.ts'
import { nextLoadId } from '../packages/load-id.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { commitExtract } from './commit-extract.ts'
import type { ExtractedPackage } from './extract-info.ts'
import type { SourceDraft } from './extract-step.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { SchemaChange } from './schema-change.ts'

/** What changing a schema works with. */
export interface AlterStepInput {
  readonly change: SchemaChange
  /** What the state says of dataset and destination. */
  readonly properties: Partial<PipelineState>
  readonly destination: Destination
  /** Whether the tables of all schemas are in one dataset. */
  readonly sharesDataset: boolean
}

/** Counts changes of schemas by hand: a state that differs tells other working directories to take the schemas again. */
const counter = '_schema_alterations'

/**
 * Makes a load package of a change: without rows, with the schema that results and with what the destination must do. So a change is
 * loaded, tried again and given up as data is, and a crash anywhere is harmless for the same reasons.
 *
 * @throws DltError `SCHEMA` when the change cannot be made
 */
export async function alterStep(
  session: PipelineSession,
  { change, properties, destination, sharesDataset }: AlterStepInput,
): Promise<readonly ExtractedPackage[]> {
  const known = requireSchema(session, change.schema)
  const { schema, alterations } = alterSchema(known, change)
  if (sharesDataset) refuseShared(session, known, alterations)
  const names = [known.name, session.state.default_schema_name ?? known.name]
  const planned = plan(session, [...new Set(names)])
  const directory = join(session.working.stage('extracting'), planned.at(-1)?.loadId ?? '')
  try {
    await makeDirectory('directory.create', directory)
    const drafts: SourceDraft[] = []
    for (const { name, loadId } of planned) {
      const draft = await PackageDraft.create(directory, loadId)
      if (name === schema.name) drafts.push({ draft, schema, alterations })
      else drafts.push({ draft, schema: requireSchema(session, name) })
    }
    const altered = Number(session.state[counter] ?? 0) + 1
    const input = { sources: [], properties: { ...properties, [counter]: altered }, destination, storesState: true }
    return await commitExtract(session, input, directory, drafts)
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

function requireSchema({ pipelineName, schemas, defaultSchema }: PipelineSession, name: string | undefined): Schema {
  const schema = name === undefined ? defaultSchema : schemas.get(name)
  if (schema !== undefined) return schema
  const known = [...schemas.keys()].map((one) => `"${one}"`).join(', ') || 'none'
  throw new DltError(
    `Pipeline "${pipelineName}" has no schema ${name === undefined ? 'yet' : `"${name}"`}: it has ${known}. Load data first, or name one of them.`,
    { code: 'SCHEMA', context: { pipeline: pipelineName, ...(name !== undefined && { schema: name }) } },
  )
}

// Two schemas can have one table in a dataset: what one of them does not have any more, the other one would bring back.
function refuseShared({ schemas }: PipelineSession, schema: Schema, alterations: readonly ColumnAlteration[]): void {
  for (const other of schemas.values()) {
    if (other.name === schema.name) continue
    const shared = alterations.find(({ tableName, column }) => other.tables.get(tableName)?.columns.has(column))
    if (shared === undefined) continue
    const { tableName: table, column } = shared
    throw new DltError(
      `Column "${column}" of table "${table}" cannot be dropped or renamed: the schema "${other.name}" has that table in the same dataset, with that column. Give one of them another table name, or a dataset of its own.`,
      { code: 'SCHEMA', context: { schema: schema.name, table, column } },
    )
  }
}
