import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { DestinationCapabilities } from '@dlt/destination'
import { bumpSchema, rootTableOf, type Schema, updateSchema } from '@dlt/schema'
import { normalizePackage } from '../normalize/normalize-package.ts'
import { makeDirectory, removePath } from '../packages/durable-files.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import {
  type PackageGroup,
  type PipelineSnapshot,
  readGroups,
  readStartedFrom,
  type StoredPackage,
  writeGroupFiles,
} from '../packages/package-group.ts'
import { verifyFiles } from '../packages/package-manifest.ts'
import type { NormalizedPackageInfo } from './normalize-info.ts'
import type { PipelineSession } from './pipeline-session.ts'

/** What normalizing works with. */
export interface NormalizeStepInput {
  readonly capabilities: DestinationCapabilities
  /** Worker threads for packages that are not small. */
  readonly workers?: number
}

/** Normalizes all extracted groups, oldest first. Each is committed by one rename of its directory. */
export async function normalizeStep(
  session: PipelineSession,
  input: NormalizeStepInput,
): Promise<readonly NormalizedPackageInfo[]> {
  const infos: NormalizedPackageInfo[] = []
  for (const group of await readGroups(session.working, 'extracted')) {
    infos.push(...(await normalizeGroup(session, group, input)))
  }
  return infos
}

/**
 * Writes the normalized form of a group to `normalizing`, which counts for nothing, and renames it to `normalized`: from then on
 * the extracted form is a copy that the next run removes, if this one dies before it does.
 */
async function normalizeGroup(
  session: PipelineSession,
  group: PackageGroup,
  input: NormalizeStepInput,
): Promise<readonly NormalizedPackageInfo[]> {
  const { working } = session
  const directory = join(working.stage('normalizing'), group.id)
  await removePath(directory)
  await makeDirectory(directory)
  const schemas = new Map(session.schemas)
  const infos: NormalizedPackageInfo[] = []
  for (const stored of group.packages) {
    const known = schemas.get(stored.schema.name)
    const schema = known === undefined ? stored.schema : updateSchema(known, stored.schema).schema
    const { info, schema: evolved } = await normalizeStored(directory, stored, schema, input)
    schemas.set(evolved.name, evolved)
    infos.push(info)
    for (const warning of info.warnings) session.logger.warning(warning)
  }
  await writeGroupFiles(directory, group.state, await readStartedFrom(group.directory))
  await working.move(directory, 'normalized', group.id)
  await session.store({ ...session.snapshot, schemas } satisfies PipelineSnapshot)
  await removePath(group.directory)
  return infos
}

async function normalizeStored(
  groupDirectory: string,
  stored: StoredPackage,
  schema: Schema,
  { capabilities, workers }: NormalizeStepInput,
): Promise<{ readonly info: NormalizedPackageInfo; readonly schema: Schema }> {
  await verifyFiles(stored.directory, stored.manifest)
  const draft = await PackageDraft.create(groupDirectory, stored.loadId)
  const scratchDirectory = await scratchIn(groupDirectory)
  const result = await normalizePackage({
    files: stored.manifest.files,
    pathOf: (file) => join(stored.directory, file.name),
    schema,
    capabilities,
    writer: draft,
    scratchDirectory,
    ...(workers !== undefined && { workers }),
  })
  await removePath(scratchDirectory)
  const evolved = bumpSchema(result.schema)
  await draft.seal(evolved, replacedTables(evolved, stored))
  const { rowCounts, formats, collisions, warnings } = result
  const info = { rowCounts, formats, collisions, warnings, loadId: stored.loadId, schemaName: evolved.name }
  return { info: { ...info, schemaHash: evolved.version_hash }, schema: evolved }
}

async function scratchIn(groupDirectory: string): Promise<string> {
  await mkdir(groupDirectory, { recursive: true })
  return mkdtemp(join(groupDirectory, 'scratch-'))
}

/** Tables whose rows the package replaces: all that belong to a root table with data in it and the disposition `replace`. */
function replacedTables(schema: Schema, { manifest }: StoredPackage): readonly string[] {
  const roots = new Set(manifest.files.map(({ tableName }) => tableName))
  return [...schema.tables.keys()].filter((name) => {
    const root = rootTableOf(schema, name)
    return roots.has(root.name) && root.write_disposition === 'replace'
  })
}
