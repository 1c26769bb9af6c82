import { join } from 'node:path'
import { type Schema, schemaFromJson } from '@dlt/schema'
import { decodeState, type PipelineState } from '../state/pipeline-state.ts'
import { compareLoadIds, isLoadId } from './load-id.ts'
import { type PackageManifest, readDocument, readManifest } from './package-manifest.ts'
import { damagedPackage, listDirectory, readFileIfPresent } from './present-files.ts'
import type { WorkingDirectory } from './working-directory.ts'

/** A committed load package. */
export interface StoredPackage {
  readonly loadId: string
  readonly directory: string
  readonly manifest: PackageManifest
  /** The schema that the package results in. */
  readonly schema: Schema
  /** The state that its group results in, where the package carries it. */
  readonly state?: PipelineState
  /** Why the destination refused the package for good, when it was last tried. */
  readonly failure?: string
}

/**
 * The committed packages of one extract, in the order in which they are loaded. The last one carries the state, so that no state
 * is at a destination before its data.
 */
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

/**
 * Reads the committed groups of a stage, oldest first.
 * @throws DltError `PACKAGE` when one is damaged
 */
export function readGroups(working: WorkingDirectory, stage: PackageGroup['stage']): readonly PackageGroup[] {
  const ids = listDirectory(working.stage(stage)).filter(isLoadId)
  return ids.toSorted(compareLoadIds).map((id) => readGroup(join(working.stage(stage), id), id, stage))
}

/** Groups that wait, in the order in which they are finished. Throws like {@link readGroups}. */
export function readPendingGroups(working: WorkingDirectory): readonly PackageGroup[] {
  const normalized = readGroups(working, 'normalized')
  const known = new Set(normalized.map(({ id }) => id))
  // An extracted group whose normalized form was committed is a copy that the next step removes.
  return [...normalized, ...readGroups(working, 'extracted').filter(({ id }) => !known.has(id))].filter(
    ({ packages }) => packages.length > 0,
  )
}

/**
 * Reads a committed package.
 * @throws DltError `PACKAGE` when it is damaged
 */
export function readPackage(directory: string): StoredPackage {
  const manifest = readManifest(directory)
  const schema = schemaFromJson(readDocument(directory, manifest, 'schema.json'))
  const failure = readFailure(directory)
  return {
    loadId: manifest.loadId,
    directory,
    manifest,
    schema,
    ...(manifest.documents['state.json'] !== undefined && { state: readState(directory, manifest, 'state.json') }),
    ...(failure !== undefined && { failure }),
  }
}

/** Reads what a package started from. Throws a DltError `PACKAGE` when it is damaged. */
export function readStartedFrom({ directory, manifest }: StoredPackage): {
  readonly state: PipelineState
  readonly schema: Schema | undefined
} {
  const schema = 'started-from/schema.json'
  return {
    state: readState(directory, manifest, 'started-from/state.json'),
    schema:
      manifest.documents[schema] === undefined ? undefined : schemaFromJson(readDocument(directory, manifest, schema)),
  }
}

function readState(directory: string, manifest: PackageManifest, name: string): PipelineState {
  return decodeState(readDocument(directory, manifest, name), join(directory, name))
}

function readGroup(directory: string, id: string, stage: PackageGroup['stage']): PackageGroup {
  const loadIds = listDirectory(directory).filter(isLoadId).toSorted(compareLoadIds)
  const packages = loadIds.map((loadId) => readPackage(join(directory, loadId)))
  const last = packages.at(-1)
  const state = last?.state
  if (state !== undefined) return { id, stage, directory, state, packages }
  throw damagedPackage(join(directory, last?.loadId ?? '', 'state.json'), 'it is missing')
}

// The note of a failure is for people; a damaged one must not stand in the way of trying again.
function readFailure(directory: string): string | undefined {
  const text = readFileIfPresent(join(directory, failureName))
  if (text === undefined) return undefined
  try {
    return String(JSON.parse(text).message)
  } catch {
    return text
  }
}
