import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Destination } from '@dlt/destination'
import { bumpSchema, rootTableOf, type Schema, updateSchema, withRootKeyColumns } from '@dlt/schema'
import { verifyDispositions } from '../dispositions/verify-dispositions.ts'
import { normalizerMarks } from '../hints/normalizer-marks.ts'
import type { HeadStart } from '../normalize/head-start/head-start.ts'
import type { NormalizedPackageInfo } from '../normalize/normalize-info.ts'
import { normalizePackage } from '../normalize/normalize-package.ts'
import { makeDirectory, removePath, renameSynced } from '../packages/durable-files.ts'
import { changeFile } from '../packages/file-failure.ts'
import { PackageDraft } from '../packages/package-draft.ts'
import { type PackageGroup, readGroups, readStartedFrom, type StoredPackage } from '../packages/package-group.ts'
import { verifyFiles } from '../packages/package-manifest.ts'
import { listDirectory } from '../packages/present-files.ts'
import { withoutDropped } from './check-dispositions.ts'
import { requireDestinationOf } from './pending-target.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { AtPackage } from './run-step.ts'

/** What normalizing works with. */
export interface NormalizeStepInput {
  /** The destination that the files are made for. */
  readonly destination: Destination
  /** Worker threads for packages that are not small. Default: one for each processor. */
  readonly workers?: number
  /** Whether what contracts discard is kept in a table of its own. Default: false. */
  readonly quarantines?: boolean
  /** Whether stored columns get wider types, where the destination can alter them. Default: true. */
  readonly promotes?: boolean
  /** What was begun while the groups were extracted. Default: nothing was. */
  readonly headStart?: HeadStart
}

/** Normalizes all extracted groups, oldest first. Each is committed by one rename of its folder. */
export async function normalizeStep(
  session: PipelineSession,
  input: NormalizeStepInput,
  atPackage: AtPackage,
): Promise<readonly NormalizedPackageInfo[]> {
  const infos: NormalizedPackageInfo[] = []
  for (const group of readGroups(session.working, 'extracted')) {
    infos.push(...(await normalizeGroup(session, group, input, atPackage)))
  }
  return infos
}

/**
 * Writes the normalized form of a group to `normalizing`, which counts for nothing, and commits it by one rename: from then on the
 * extracted form is a copy, removed here or, if this process dies before, by the next step.
 */
async function normalizeGroup(
  session: PipelineSession,
  group: PackageGroup,
  input: NormalizeStepInput,
  atPackage: AtPackage,
): Promise<readonly NormalizedPackageInfo[]> {
  atPackage(group.packages[0]?.loadId ?? group.id)
  requireDestinationOf(session, group, input.destination)
  const { working } = session
  const directory = join(working.stage('normalizing'), group.id)
  await makeDirectory('directory.create', directory)
  const schemas = new Map(session.schemas)
  const infos: NormalizedPackageInfo[] = []
  for (const stored of group.packages) {
    // What brings neither rows nor state has nothing to load: its schema is known by now.
    const { files, alterations = [], refresh } = stored.manifest
    const changesNothing = alterations.length === 0 && refresh === undefined
    if (files.length === 0 && stored.state === undefined && changesNothing) continue
    atPackage(stored.loadId)
    if (!session.written.has(stored.loadId)) await verifyFiles(stored.directory, stored.manifest)
    checkTables(session, stored, input)
    const { info, schema } = await normalizeStored(directory, stored, withHintsOf(stored, schemas), input)
    schemas.set(schema.name, schema)
    infos.push(info)
    logWarnings(session, info)
  }
  await input.headStart?.endGroup(group.id)
  await renameSynced('normalize.commit', directory, join(working.stage('normalized'), group.id))
  for (const { loadId } of infos) session.written.add(loadId)
  await session.store({ state: session.state, schemas })
  await removePath('normalize.remove-extracted', group.directory)
  return infos
}

function checkTables(
  { logger, pipelineName }: PipelineSession,
  stored: StoredPackage,
  input: NormalizeStepInput,
): void {
  const tableNames = new Set(stored.manifest.files.map(({ tableName }) => tableName))
  const before = withoutDropped(readStartedFrom(stored).schema, stored.manifest.refresh)
  const { warnings } = verifyDispositions(stored.schema, tableNames, input.destination, before)
  for (const warning of warnings) logger.warning(`Pipeline "${pipelineName}": ${warning}`)
}

/** Warnings of a package that are logged one by one. */
const loggedWarnings = 3

// A wide table can have hundreds of columns without values: whoever looks for them finds them all in the info object.
function logWarnings({ logger, pipelineName }: PipelineSession, { warnings, loadId }: NormalizedPackageInfo): void {
  for (const warning of warnings.slice(0, loggedWarnings)) logger.warning(warning)
  const more = warnings.length - loggedWarnings
  if (more <= 0) return
  logger.warning(
    `Pipeline "${pipelineName}": ${more} more warnings about load package "${loadId}" are in the info object.`,
  )
}

// A later extract may have changed the schema meanwhile: what this package was extracted with holds for its rows.
// What it begins anew must not come back from there; packages of later extracts bring their own schemas.
function withHintsOf({ schema: extracted, manifest }: StoredPackage, schemas: ReadonlyMap<string, Schema>): Schema {
  if (manifest.refresh !== undefined) return extracted
  const known = schemas.get(extracted.name)
  if (known === undefined || known.version_hash === extracted.version_hash) return extracted
  return updateSchema(known, extracted).schema
}

async function normalizeStored(
  groupDirectory: string,
  stored: StoredPackage,
  schema: Schema,
  { destination, workers, quarantines, promotes, headStart }: NormalizeStepInput,
): Promise<{ readonly info: NormalizedPackageInfo; readonly schema: Schema }> {
  const draft = await PackageDraft.create(groupDirectory, stored.loadId)
  const scratchDirectory = join(groupDirectory, 'scratch')
  await changeFile(scratchDirectory, 'made', () => mkdir(scratchDirectory))
  const { files, groupId } = stored.manifest
  const started = headStart?.finish(groupId, stored.loadId)
  const { schema: evolved, ...result } = await normalizePackage({
    files,
    pathOf: ({ name }) => join(stored.directory, name),
    schema,
    capabilities: destination.capabilities,
    writer: draft,
    scratchDirectory,
    ...(workers !== undefined && { workers }),
    ...(quarantines !== undefined && { quarantines }),
    ...(promotes !== undefined && { promotes }),
    ...(started !== undefined && { headStart: started }),
  })
  await removePath('normalize.scratch', scratchDirectory)
  if (started !== undefined) await removeUntaken(draft)
  const counted = bumpSchema(withRootKeys(evolved, stored))
  await draft.seal({
    stage: 'normalized',
    groupId: stored.manifest.groupId,
    schema: counted,
    ...(stored.state !== undefined && { state: stored.state }),
    startedFrom: readStartedFrom(stored),
    replacedTables: replacedTables(counted, stored),
    ...(stored.manifest.refresh !== undefined && { refresh: stored.manifest.refresh }),
    ...(stored.manifest.alterations !== undefined && { alterations: stored.manifest.alterations }),
    destination,
  })
  const identity = { loadId: stored.loadId, schemaName: counted.name, schemaHash: counted.version_hash }
  return { info: { ...identity, ...result }, schema: counted }
}

/** A merge that brings no nested rows must still find those of the rows that it replaces. */
function withRootKeys(schema: Schema, { manifest }: StoredPackage): Schema {
  const names = new Set(manifest.files.map(({ tableName }) => tableName))
  return [...names].reduce(withRootKeyColumns, schema)
}

/** Removes what the head start wrote of pages that it had to be written of again. */
async function removeUntaken({ directory, files }: PackageDraft): Promise<void> {
  const taken = new Set(files.map(({ name }) => name))
  for (const name of listDirectory(directory)) {
    if (!taken.has(name)) await removePath('normalize.head-start', join(directory, name))
  }
}

/** Tables whose rows the package replaces: all with data that belong to a root table with a file and the disposition `replace`. */
function replacedTables(schema: Schema, { manifest }: StoredPackage): readonly string[] {
  const roots = new Set(manifest.files.map(({ tableName }) => tableName))
  return [...schema.tables.values()]
    .filter((table) => {
      const root = rootTableOf(schema, table.name)
      const seenData = normalizerMarks(table)['seen-data'] === true
      return seenData && roots.has(root.name) && root.write_disposition === 'replace'
    })
    .map(({ name }) => name)
}
