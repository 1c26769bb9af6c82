import { join } from 'node:path'
import { DltError, type Schema, schemaFromJson, schemaToJson } from '@dlt/schema'
import { decodeState, encodeState, type PipelineState } from '../state/pipeline-state.ts'
import { listDirectory, makeDirectory, readFileIfPresent, syncDirectory, writeNewFile } from './durable-files.ts'
import { type PackageManifest, readManifest } from './package-manifest.ts'
import { isLoadId, type PackageStage, type WorkingDirectory } from './working-directory.ts'

/** State and schemas of a pipeline at one moment. */
export interface PipelineSnapshot {
  readonly state: PipelineState
  readonly schemas: ReadonlyMap<string, Schema>
}

/** A committed load package. */
export interface StoredPackage {
  readonly loadId: string
  readonly directory: string
  readonly manifest: PackageManifest
  readonly schema: Schema
  /** Why the destination refused the package for good, when it was last tried. */
  readonly failure?: string
}

/** The committed packages of one extract, in the order in which they are loaded; the state counts with the last one. */
export interface PackageGroup {
  /** The load id of its last package. */
  readonly id: string
  readonly stage: 'extracted' | 'normalized'
  readonly directory: string
  /** The state that the group results in. */
  readonly state: PipelineState
  readonly packages: readonly StoredPackage[]
}

/** Name of the file that says why a package failed. */
export const failureName = 'failure.json'

/** Writes what a group results in and what it started from; the packages are written beside it. */
export async function writeGroupFiles(
  directory: string,
  state: PipelineState,
  startedFrom: PipelineSnapshot,
): Promise<void> {
  await writeNewFile(join(directory, 'state.json'), encodeState(state))
  const before = join(directory, 'started-from')
  await makeDirectory(before)
  await writeNewFile(join(before, 'state.json'), encodeState(startedFrom.state))
  for (const [name, schema] of startedFrom.schemas) {
    await writeNewFile(join(before, `${name}.schema.json`), schemaToJson(schema))
  }
  await syncDirectory(before)
  await syncDirectory(directory)
}

/** Reads what a group started from. */
export async function readStartedFrom(groupDirectory: string): Promise<PipelineSnapshot> {
  const directory = join(groupDirectory, 'started-from')
  const schemas = new Map<string, Schema>()
  for (const name of await listDirectory(directory)) {
    if (!name.endsWith('.schema.json')) continue
    const schema = schemaFromJson(await readRequired(join(directory, name)))
    schemas.set(schema.name, schema)
  }
  return { state: decodeState(await readRequired(join(directory, 'state.json')), directory), schemas }
}

/**
 * Reads the committed groups of a stage, oldest first.
 * @throws DltError `PACKAGE` when one is damaged
 */
export async function readGroups(
  working: WorkingDirectory,
  stage: 'extracted' | 'normalized',
): Promise<readonly PackageGroup[]> {
  const groups: PackageGroup[] = []
  for (const id of [...(await listDirectory(working.stage(stage)))].sort(byLoadId)) {
    groups.push(await readGroup(join(working.stage(stage), id), id, stage))
  }
  return groups
}

/** The highest load id in a working directory, whatever became of its package. */
export async function lastLoadId(working: WorkingDirectory): Promise<string | undefined> {
  const stages: readonly PackageStage[] = ['extracted', 'normalized', 'loaded']
  const names = await Promise.all(stages.map((stage) => listDirectory(working.stage(stage))))
  return names.flat().filter(isLoadId).sort(byLoadId).at(-1)
}

async function readGroup(directory: string, id: string, stage: PackageGroup['stage']): Promise<PackageGroup> {
  const loadIds = (await listDirectory(directory)).filter(isLoadId).sort(byLoadId)
  const packages = await Promise.all(loadIds.map((loadId) => readPackage(join(directory, loadId), loadId)))
  const path = join(directory, 'state.json')
  return { id, stage, directory, state: decodeState(await readRequired(path), path), packages }
}

async function readPackage(directory: string, loadId: string): Promise<StoredPackage> {
  const manifest = await readManifest(directory)
  const schema = schemaFromJson(await readRequired(join(directory, 'schema.json')))
  const failure = await readFileIfPresent(join(directory, failureName))
  const stored = { loadId, directory, manifest, schema }
  return failure === undefined ? stored : { ...stored, failure: failureMessage(failure) }
}

function failureMessage(text: string): string {
  const failure: unknown = JSON.parse(text)
  const isFailure = typeof failure === 'object' && failure !== null && 'message' in failure
  return isFailure ? String(failure.message) : text
}

function byLoadId(one: string, other: string): number {
  return Number(one) - Number(other)
}

async function readRequired(path: string): Promise<string> {
  const text = await readFileIfPresent(path)
  if (text !== undefined) return text
  throw new DltError(
    `The file "${path}" of a load package is missing. Restore it from a backup, or remove its group's directory to give its packages up, and extract the data again.`,
    { code: 'PACKAGE', context: { file: path } },
  )
}
