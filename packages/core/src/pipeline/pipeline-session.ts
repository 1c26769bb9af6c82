import type { Schema } from '@dlt/schema'
import { listDirectory } from '../packages/durable-files.ts'
import { type PackageGroup, type PipelineSnapshot, readGroups } from '../packages/package-group.ts'
import { WorkingDirectory } from '../packages/working-directory.ts'
import type { Logger } from '../runtime/logger.ts'
import { bumpState, createState, type PipelineState } from '../state/pipeline-state.ts'
import { readCache, rolledForward, writeCache } from '../state/state-cache.ts'

/**
 * A pipeline's working directory while a step holds its lock: state and schemas as the packages say they are. Steps compute new
 * values and store them once.
 */
export class PipelineSession {
  readonly pipelineName: string
  readonly working: WorkingDirectory
  readonly logger: Logger
  #snapshot: PipelineSnapshot
  #stored: PipelineSnapshot

  private constructor(pipelineName: string, working: WorkingDirectory, logger: Logger, stored: PipelineSnapshot) {
    this.pipelineName = pipelineName
    this.working = working
    this.logger = logger
    this.#snapshot = stored
    this.#stored = stored
  }

  /**
   * Opens the working directory: removes what dead steps left, and brings the cache up to the committed packages.
   * Each part can be repeated, so a crash anywhere in it is harmless.
   */
  static async open(pipelineName: string, path: string, logger: Logger): Promise<PipelineSession> {
    const working = new WorkingDirectory(path)
    await working.removeLeftovers()
    const session = new PipelineSession(pipelineName, working, logger, readCache(working, pipelineName))
    await session.store(rolledForward(session.snapshot, await session.pendingGroups()))
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

  /** Groups that wait, in the order in which they are finished. */
  async pendingGroups(): Promise<readonly PackageGroup[]> {
    return [...(await readGroups(this.working, 'normalized')), ...(await readGroups(this.working, 'extracted'))]
  }

  /** Whether anything waits to be normalized or loaded. */
  async hasPendingPackages(): Promise<boolean> {
    const stages = [this.working.stage('extracted'), this.working.stage('normalized')]
    return (await Promise.all(stages.map(listDirectory))).flat().length > 0
  }

  /** Stores new state and schemas in the cache. */
  async store(snapshot: PipelineSnapshot): Promise<void> {
    const next = { state: bumpState(snapshot.state), schemas: snapshot.schemas }
    await writeCache(this.working, this.#stored, next)
    this.#snapshot = next
    this.#stored = next
  }

  /** Forgets everything, as if the pipeline had never run. */
  async reset(): Promise<void> {
    await this.working.wipe(this.pipelineName)
    const fresh = { state: createState(this.pipelineName), schemas: new Map<string, Schema>() }
    this.#snapshot = fresh
    this.#stored = fresh
  }
}
