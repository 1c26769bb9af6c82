import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ColumnAlteration, type Schema, schemaToJson } from '@dlt/schema'
import { encodeState, type PipelineState } from '../state/pipeline-state.ts'
import { announce } from './commit-points.ts'
import { syncDirectory, syncFile, writeSynced } from './durable-files.ts'
import { changeFile } from './file-failure.ts'
import type { ManifestFile } from './manifest.ts'
import { packageFileName } from './package-file-name.ts'
import { encodeManifest, manifestName, type PackageManifest, textChecksum } from './package-manifest.ts'
import type { PackageWriter } from './package-writer.ts'
import type { SourceRefresh } from './source-refresh.ts'

/** What a package started from: what its group puts back when it is given up. */
export interface StartedFrom {
  readonly state: PipelineState
  /** The package's schema as it was; absent when the package brought it. */
  readonly schema: Schema | undefined
}

/** What a package consists of beside its files. */
export interface PackageContent {
  readonly stage: PackageManifest['stage']
  /** The load id of the last package of the package's group. */
  readonly groupId: string
  /** The schema that the package results in, its version counted. */
  readonly schema: Schema
  /** The state that the package's group results in; its last package carries it. */
  readonly state?: PipelineState
  readonly startedFrom: StartedFrom
  readonly replacedTables?: readonly string[]
  /** Columns that are dropped or renamed. Default: none. */
  readonly alterations?: readonly ColumnAlteration[]
  readonly refresh?: SourceRefresh
  /** The destination that the package is made for, where that is known. */
  readonly destination?: { readonly type: string; readonly name: string }
}

/** Files that are synced at once; more would only wait for the disk. */
const parallelSyncs = 8

/** A load package that a step is writing. Nothing of it counts before its group is committed. */
export class PackageDraft implements PackageWriter {
  readonly loadId: string
  readonly directory: string
  readonly #files: ManifestFile[] = []

  private constructor(loadId: string, directory: string) {
    this.loadId = loadId
    this.directory = directory
  }

  /** Makes the folder of a package within its group. */
  static async create(groupDirectory: string, loadId: string): Promise<PackageDraft> {
    const directory = join(groupDirectory, loadId)
    await changeFile(directory, 'made', () => mkdir(directory, { recursive: true }))
    return new PackageDraft(loadId, directory)
  }

  /** The files so far, in order. */
  get files(): readonly ManifestFile[] {
    return this.#files
  }

  reserveFile(tableName: string, extension: string): { readonly name: string; readonly path: string } {
    const name = packageFileName(tableName, extension)
    return { name, path: join(this.directory, name) }
  }

  addFile(file: ManifestFile): void {
    const announced = { point: 'package.file', operation: 'write', subject: join(this.directory, file.name) } as const
    announce({ ...announced, moment: 'before' })
    this.#files.push(file)
    announce({ ...announced, moment: 'after' })
  }

  /** Writes documents and manifest and brings all files to disk; after it, the package's group can be committed. */
  async seal(content: PackageContent): Promise<void> {
    const { stage, groupId, schema, replacedTables = [], alterations = [], refresh, destination } = content
    const documents = documentsOf(content)
    const startedFrom = join(this.directory, 'started-from')
    await changeFile(startedFrom, 'made', () => mkdir(startedFrom, { recursive: true }))
    for (const [name, text] of documents) await writeSynced('package.document', join(this.directory, name), text)
    const manifest: PackageManifest = {
      format: 2,
      stage,
      loadId: this.loadId,
      groupId,
      schemaName: schema.name,
      schemaHash: schema.version_hash,
      createdAt: new Date().toISOString(),
      ...(destination !== undefined && { destinationType: destination.type, destinationName: destination.name }),
      replacedTables,
      ...(alterations.length > 0 && { alterations }),
      ...(refresh !== undefined && { refresh }),
      documents: Object.fromEntries(documents.map(([name, text]) => [name, textChecksum(text)])),
      files: this.#files,
    }
    await writeSynced('package.document', join(this.directory, manifestName), encodeManifest(manifest))
    await this.#sync()
  }

  async #sync(): Promise<void> {
    const paths = this.#files.map(({ name }) => join(this.directory, name))
    for (let first = 0; first < paths.length; first += parallelSyncs) {
      await Promise.all(paths.slice(first, first + parallelSyncs).map((path) => syncFile('package.sync', path)))
    }
    await syncDirectory('package.sync', join(this.directory, 'started-from'))
    await syncDirectory('package.sync', this.directory)
    await syncDirectory('package.sync', dirname(this.directory))
  }
}

function documentsOf({ schema, state, startedFrom }: PackageContent): readonly (readonly [string, string])[] {
  return [
    ['schema.json', schemaToJson(schema)],
    ...(state === undefined ? [] : [['state.json', encodeState(state)] as const]),
    ['started-from/state.json', encodeState(startedFrom.state)],
    ...(startedFrom.schema === undefined
      ? []
      : [['started-from/schema.json', schemaToJson(startedFrom.schema)] as const]),
  ]
}
