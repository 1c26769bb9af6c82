import type { Schema } from '@dlt/schema'
import { latestLoadId } from '../packages/load-id.ts'
import { type PackageGroup, readPendingGroups } from '../packages/package-group.ts'
import { type PipelineSnapshot, readSnapshot, writeCache } from '../packages/state-cache.ts'
import type { WorkingDirectory } from '../packages/working-directory.ts'
import type { Logger } from '../runtime/logger.ts'
import type { SchemaFiles } from '../schema-files/schema-files.ts'
import { type LocalValues, withLocalValues } from '../state/local-values.ts'
import { bumpState, createState, type PipelineState } from '../state/pipeline-state.ts'

/** What a session is opened with. */
export interface SessionOptions {
  readonly pipelineName: string
  readonly working: WorkingDirectory
  readonly logger: Logger
  readonly schemaFiles: SchemaFiles
}

/**
 * A pipeline's working directory while a call holds its lock: state and schemas as the packages say they are. Steps compute new
 * values and store them once.
 */
export class PipelineSession {
  readonly pipelineName: string
  readonly working: WorkingDirectory
  readonly logger: Logger
  readonly schemaFiles: SchemaFiles
  /** Packages that this call has written: their files need no comparison with the manifest. */
  readonly written: Set<string> = new Set<string>()
  /** Local values that code of the extract set. */
  readonly localValues: LocalValues = new Map<string, unknown>()
  #snapshot: PipelineSnapshot

  private constructor({ pipelineName, working, logger, schemaFiles }: SessionOptions) {
    this.pipelineName = pipelineName
    this.working = working
    this.logger = logger
    this.schemaFiles = schemaFiles
    this.#snapshot = readSnapshot(working, pipelineName, readPendingGroups(working))
  }

  /**
   * Opens the working directory: removes what dead steps left, and brings the cache up to the committed packages. Each part can be
   * repeated, so a crash anywhere in it is harmless.
   */
  static async open(options: SessionOptions): Promise<PipelineSession> {
    const { working, schemaFiles } = options
    await working.removeLeftovers()
    const session = new PipelineSession(options)
    if (!session.state._local.first_run || session.schemas.size > 0) await writeCache(working, session.snapshot)
    await schemaFiles.exportMissing(session.schemas.values())
    return session
  }

  /** State and schemas, with everything that is pending. */
  get snapshot(): PipelineSnapshot {
    return this.#snapshot
  }

  get state(): PipelineState {
    return this.#snapshot.state
  }

  get schemas(): ReadonlyMap<string, Schema> {
    return this.#snapshot.schemas
  }

  /** The schema that takes data without a schema of its own. */
  get defaultSchema(): Schema | undefined {
    const name = this.state.default_schema_name
    return typeof name === 'string' ? this.schemas.get(name) : undefined
  }

  /** The highest load id that the pipeline knows. */
  get lastLoadId(): string | undefined {
    const known = [this.working.lastLoadId(), this.state._local._last_load_id]
    return latestLoadId(known.filter((loadId) => loadId !== undefined))
  }

  /** Groups that wait, in the order in which they are finished. */
  pendingGroups(): readonly PackageGroup[] {
    return readPendingGroups(this.working)
  }

  /** Stores new state and schemas in the cache, where they differ. */
  async store(snapshot: PipelineSnapshot): Promise<void> {
    const next = { state: bumpState(snapshot.state), schemas: snapshot.schemas }
    if (next.state === this.state && next.schemas === this.schemas) return
    await writeCache(this.working, next)
    const before = this.schemas
    this.#snapshot = next
    await this.schemaFiles.exportChanged(next.schemas, before)
  }

  /** Stores local values at once. */
  async storeLocal(values: ReadonlyMap<string, unknown>): Promise<void> {
    await this.store({ schemas: this.schemas, state: withLocalValues(this.state, values) })
  }

  /** Forgets everything, as if the pipeline had never run; only load ids go on. */
  async reset(): Promise<void> {
    const { lastLoadId } = this
    await this.working.wipe()
    const local = lastLoadId === undefined ? {} : { _last_load_id: lastLoadId }
    this.#snapshot = { state: createState(this.pipelineName, local), schemas: new Map<string, Schema>() }
  }
}
