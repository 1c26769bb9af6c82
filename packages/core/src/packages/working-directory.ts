import { join } from 'node:path'
import { DltError } from '@dlt/schema'
import {
  commitRename,
  listDirectory,
  makeDirectory,
  readFileIfPresent,
  removePath,
  replaceFile,
  syncDirectory,
} from './durable-files.ts'

/** Format of working directories that this version writes. */
const directoryFormat = 1
const markerName = 'dlt-typescript.json'

/** Where the packages of a step are; a package group moves through them by renames. */
export type PackageStage = 'extracting' | 'extracted' | 'normalizing' | 'normalized' | 'loaded'

/** A pipeline's working directory: packages, and a cache of state and schemas. */
export class WorkingDirectory {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Folder of a stage. */
  stage(stage: PackageStage): string {
    return join(this.path, 'packages', stage)
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
   * Makes the directory if it is not there, and refuses one that is not ours.
   * A crash here leaves an empty directory, or one with its marker: the next run goes on from either.
   * @throws DltError `WORKING_DIRECTORY`
   */
  async prepare(pipeline: string): Promise<void> {
    try {
      await makeDirectory(this.path)
      await this.#checkMarker(pipeline)
      for (const stage of ['extracting', 'extracted', 'normalizing', 'normalized', 'loaded'] as const) {
        await makeDirectory(this.stage(stage))
      }
      await makeDirectory(this.schemasPath)
    } catch (cause) {
      if (DltError.is(cause)) throw cause
      throw this.#refuse(
        pipeline,
        `cannot be used: ${cause instanceof Error ? cause.message : String(cause)}. Make it writable, or pass another workingDir`,
        cause,
      )
    }
  }

  /** Removes everything, and makes it anew. */
  async wipe(pipeline: string): Promise<void> {
    // The state goes first: without it, what is left is taken for the leftovers of a pipeline that never ran.
    await removePath(this.statePath)
    for (const name of ['packages', 'schemas']) await removePath(join(this.path, name))
    await syncDirectory(this.path)
    await this.prepare(pipeline)
  }

  async #checkMarker(pipeline: string): Promise<void> {
    const marker = await readFileIfPresent(join(this.path, markerName))
    if (marker === undefined) {
      const names = await listDirectory(this.path)
      if (names.includes('state.json')) {
        throw this.#refuse(
          pipeline,
          'was made by Python dlt, and its packages and state cannot be continued here. Pass another workingDir; a dataset that Python dlt loaded can be continued, its state is restored from there',
        )
      }
      await replaceFile(join(this.path, markerName), `${JSON.stringify({ format: directoryFormat })}\n`)
      return
    }
    const format = markerFormat(marker)
    if (format === directoryFormat) return
    throw this.#refuse(
      pipeline,
      format === undefined
        ? `has a damaged "${markerName}". Restore the file, or pass another workingDir`
        : `has format ${format}, this version knows format ${directoryFormat}. Use the newer version that made it, or pass another workingDir`,
    )
  }

  #refuse(pipeline: string, what: string, cause?: unknown): DltError {
    return new DltError(`The working directory "${this.path}" of pipeline "${pipeline}" ${what}.`, {
      code: 'WORKING_DIRECTORY',
      context: { pipeline, file: this.path },
      cause,
    })
  }

  /**
   * Removes what steps that died left behind. Groups that are still being written never counted; an extracted group whose
   * normalized form was committed is a copy that counts no more; a normalized group without packages was loaded to its end.
   */
  async removeLeftovers(): Promise<void> {
    for (const stage of ['extracting', 'normalizing'] as const) {
      for (const name of await listDirectory(this.stage(stage))) await removePath(join(this.stage(stage), name))
    }
    const normalized = new Set(await listDirectory(this.stage('normalized')))
    for (const group of await listDirectory(this.stage('extracted'))) {
      if (normalized.has(group)) await removePath(join(this.stage('extracted'), group))
    }
    for (const group of normalized) {
      const names = await listDirectory(join(this.stage('normalized'), group))
      if (!names.some(isLoadId)) await removePath(join(this.stage('normalized'), group))
    }
  }

  /** Moves a directory to another stage: this is how a step commits. */
  async move(from: string, stage: PackageStage, name: string): Promise<void> {
    await commitRename(from, join(this.stage(stage), name))
  }
}

/** Whether a name in a group is that of a package. */
export function isLoadId(name: string): boolean {
  return /^\d+\.\d+$/.test(name)
}

function markerFormat(text: string): number | undefined {
  try {
    const marker: unknown = JSON.parse(text)
    const isMarker = typeof marker === 'object' && marker !== null && 'format' in marker
    return isMarker && typeof marker.format === 'number' ? marker.format : undefined
  } catch {
    return undefined
  }
}
