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
  const ids = listDirectory(working.stage(stage)).filter(isLoadId).toSorted(compareLoadIds)
  return ids.flatMap((id) => readGroup(join(working.stage(stage), id), id, stage))
}

/** Groups that wait, in the order in which they are finished. Throws like {@link readGroups}. */
export function readPendingGroups(working: WorkingDirectory): readonly PackageGroup[] {
  const normalized = readGroups(working, 'normalized')
  const known = new Set(normalized.map(({ id }) => id))
  // An extracted group whose normalized form was committed is a copy that the next step removes.
  return [...normalized, ...readGroups(working, 'extracted').filter(({ id }) => !known.has(id))]
}

/** Attempts to read while another process may be moving packages. */
const readAttempts = 5

/**
 * Reads groups like {@link readPendingGroups}, without the lock: another process may move a package between two looks.
 */
export function readPendingGroupsUnlocked(working: WorkingDirectory): readonly PackageGroup[] {
  for (let attempt = 1; ; attempt++) {
    try {
      return readPendingGroups(working)
    } catch (error) {
      if (attempt === readAttempts) throw error
    }
  }
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

// A group without packages was loaded to its end; the next step removes what is left of it.
function readGroup(directory: string, id: string, stage: PackageGroup['stage']): readonly PackageGroup[] {
  const loadIds = listDirectory(directory).filter(isLoadId).toSorted(compareLoadIds)
  const packages = loadIds.map((loadId) => readPackage(join(directory, loadId)))
  const last = packages.at(-1)
  if (last === undefined) return []
  if (last.state !== undefined) return [{ id, stage, directory, state: last.state, packages }]
  throw damagedPackage(join(last.directory, 'state.json'), 'it is missing')
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
