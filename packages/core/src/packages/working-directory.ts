import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMarkedDirectory, markDirectory } from './directory-marker.ts'
import { makeDirectories, makeDirectory, removePath, syncDirectory } from './durable-files.ts'
import { compareLoadIds, isLoadId, latestLoadId } from './load-id.ts'
import { documentNames } from './package-manifest.ts'
import { listDirectory } from './present-files.ts'

const stages = ['extracting', 'extracted', 'normalizing', 'normalized', 'loaded'] as const

/** Where packages are; a group moves through the stages by renames. */
export type PackageStage = (typeof stages)[number]

/** Loaded packages of which manifest, schema and state are kept. */
const keptLoadedPackages = 100

/** A pipeline's working directory: packages, and a cache of state and schemas. */
export class WorkingDirectory {
  readonly path: string
  readonly #pipeline: string

  constructor(path: string, pipeline: string) {
    this.path = path
    this.#pipeline = pipeline
  }

  /** Folder of a stage. */
  stage(stage: PackageStage): string {
    return join(this.path, 'packages', stage)
  }

  /** Whether a stage holds nothing. */
  isEmpty(stage: PackageStage): boolean {
    return listDirectory(this.stage(stage)).length === 0
  }

  /** File with the cached state. */
  get statePath(): string {
    return join(this.path, 'state.json')
  }

  /** Folder with the cached schemas. */
  get schemasPath(): string {
    return join(this.path, 'schemas')
  }

  /** File with the cached schema of a name. */
  schemaPath(name: string): string {
    return join(this.schemasPath, `${name}.schema.json`)
  }

  /**
   * Makes the directory, so that it can be locked, and refuses one that is not ours.
   * @throws DltError `WORKING_DIRECTORY`
   */
  async create(): Promise<void> {
    isMarkedDirectory(this.path, this.#pipeline)
    if (!existsSync(this.path)) await makeDirectory('directory.create', this.path)
  }

  /**
   * Marks the directory and makes its folders, where that was not done before. Needs the lock.
   * @throws DltError `WORKING_DIRECTORY`
   */
  async prepare(): Promise<void> {
    if (!isMarkedDirectory(this.path, this.#pipeline)) await markDirectory(this.path, this.#pipeline)
    const folders = [...stages.map((stage) => this.stage(stage)), this.schemasPath]
    await makeDirectories(
      'directory.create',
      folders.filter((path) => !existsSync(path)),
    )
  }

  /** Removes everything that a pipeline left, and makes the folders anew. */
  async wipe(): Promise<void> {
    for (const name of ['packages', 'schemas', 'state.json']) {
      await removePath('directory.wipe', join(this.path, name))
    }
    await syncDirectory('directory.wipe', this.path)
    await this.prepare()
  }

  /**
   * Removes what steps that died left behind: groups that were being written and never counted; an extracted group whose
   * normalized form was committed; a normalized group that was loaded to its end; files of rows that were loaded.
   */
  async removeLeftovers(): Promise<void> {
    for (const stage of ['extracting', 'normalizing'] as const) {
      for (const name of listDirectory(this.stage(stage))) await this.#remove(stage, name)
    }
    const normalized = new Set(listDirectory(this.stage('normalized')))
    for (const group of listDirectory(this.stage('extracted'))) {
      if (normalized.has(group)) await this.#remove('extracted', group)
    }
    for (const group of normalized) {
      if (!listDirectory(join(this.stage('normalized'), group)).some(isLoadId)) await this.#remove('normalized', group)
    }
    await this.#removeLoaded()
  }

  /** Folders of the packages that were loaded last, newest first. */
  loadedPackages(): readonly string[] {
    return this.#loaded()
      .toReversed()
      .map((loadId) => join(this.stage('loaded'), loadId))
  }

  /** The highest load id in the directory, whatever became of its package. */
  lastLoadId(): string | undefined {
    const groups = (['extracted', 'normalized'] as const).flatMap((stage) =>
      listDirectory(this.stage(stage)).flatMap((group) => [group, ...listDirectory(join(this.stage(stage), group))]),
    )
    return latestLoadId([...groups, ...this.#loaded()].filter(isLoadId))
  }

  // Packages are loaded in the order of their ids: only the last one can have been moved without its files being removed.
  async #removeLoaded(): Promise<void> {
    const loaded = this.#loaded()
    const last = loaded.at(-1)
    if (last !== undefined) await this.removeFiles(last)
    for (const loadId of loaded.slice(0, -keptLoadedPackages)) {
      await removePath('load.expire', join(this.stage('loaded'), loadId))
    }
  }

  /** Removes the files of a loaded package: nobody needs them any more. */
  async removeFiles(loadId: string): Promise<void> {
    const directory = join(this.stage('loaded'), loadId)
    for (const name of listDirectory(directory)) {
      if (!documentNames.has(name)) await removePath('load.remove-files', join(directory, name))
    }
  }

  #loaded(): readonly string[] {
    return listDirectory(this.stage('loaded')).filter(isLoadId).toSorted(compareLoadIds)
  }

  async #remove(stage: PackageStage, name: string): Promise<void> {
    await removePath('leftovers.remove', join(this.stage(stage), name))
  }
}
