import { resolve } from 'node:path'
import type { Destination } from '@dlt/destination'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { withDirectoryLock } from '../packages/directory-lock.ts'
import { isMarkedDirectory } from '../packages/directory-marker.ts'
import { readPendingGroupsUnlocked } from '../packages/package-group.ts'
import { type PipelineSnapshot, readSnapshot } from '../packages/state-cache.ts'
import { WorkingDirectory } from '../packages/working-directory.ts'
import { workingDirectoryPath } from '../packages/working-directory-path.ts'
import { concealingLogger, createLogger, type Logger, withLogger } from '../runtime/logger.ts'
import { SchemaFiles } from '../schema-files/schema-files.ts'
import { createState, withLocal } from '../state/pipeline-state.ts'
import type { ConfiguredOptions } from './configured-options.ts'
import { DestinationBinding } from './destination-binding.ts'
import { devModeSuffix } from './dev-mode.ts'
import { forgetMemory, reflectsMemory, refuseToForget, rememberMemory } from './fresh-start.ts'
import { PipelineCall } from './pipeline-call.ts'
import { PipelineSession } from './pipeline-session.ts'
import { PipelineSteps } from './pipeline-steps.ts'
import { notRestoredLine } from './refuse-sync.ts'
import type { LoadOptions } from './run-options.ts'

/**
 * What a pipeline works with in this process: its folder, its destination, and whether it has run. Each call of the pipeline opens a
 * session on it, alone.
 */
export class PipelineWorkplace {
  readonly pipelineName: string
  /** Folder with the pipeline's packages, state and schemas. */
  readonly directory: string
  readonly binding: DestinationBinding
  readonly logger: Logger
  readonly schemaFiles: SchemaFiles
  readonly #options: ConfiguredOptions
  readonly #working: WorkingDirectory
  #hasRun = false

  /** @throws DltError `CONFIGURATION` for options that do not fit */
  constructor(options: ConfiguredOptions) {
    const { pipelineName, devMode } = options
    this.#options = options
    this.pipelineName = pipelineName
    this.directory = resolve(options.workingDir ?? workingDirectoryPath(pipelineName))
    this.logger = concealingLogger(options.logger ?? createLogger(options.logLevel))
    this.#working = new WorkingDirectory(this.directory, pipelineName)
    this.schemaFiles = new SchemaFiles(options, this.logger)
    this.binding = new DestinationBinding({ ...options, suffix: devMode === true ? devModeSuffix(new Date()) : '' })
  }

  /** Whether each process starts anew. */
  get isDevelopment(): boolean {
    return this.#options.devMode === true
  }

  /** Whether the folder is this pipeline's, with something in it that counts. Needs no lock. */
  get isOurs(): boolean {
    const startsAnew = this.isDevelopment && !this.#hasRun
    return isMarkedDirectory(this.directory, this.pipelineName) && !startsAnew
  }

  /** State and schemas, with everything that is pending. Needs no lock. */
  snapshot(): PipelineSnapshot {
    if (!this.isOurs) return { state: createState(this.pipelineName), schemas: new Map() }
    return readSnapshot(this.#working, this.pipelineName, this.pendingGroups())
  }

  /** Groups of packages that wait. Needs no lock. */
  pendingGroups(): ReturnType<typeof readPendingGroupsUnlocked> {
    return readPendingGroupsUnlocked(this.#working)
  }

  /** Opens a session on the folder while nobody else works in it. */
  async locked<Result>(run: (session: PipelineSession) => Promise<Result>): Promise<Result> {
    const create = () => this.#working.create()
    return withDirectoryLock({ directory: this.directory, pipeline: this.pipelineName, create }, async () => {
      await this.#working.prepare()
      if (this.isDevelopment && !this.#hasRun) await this.#working.wipe()
      const session = await PipelineSession.open({
        pipelineName: this.pipelineName,
        working: this.#working,
        logger: this.logger,
        schemaFiles: this.schemaFiles,
      })
      if (this.isDevelopment) this.#hasRun = true
      return withLogger(this.logger, () => run(session))
    })
  }

  /** Opens a session for a call that needs the destination. */
  atDestination<Result>(options: LoadOptions, run: (call: PipelineCall) => Promise<Result>): Promise<Result> {
    const startedAt = new Date()
    return this.locked(async (session) => run(await this.openCall(session, options, startedAt)))
  }

  /** Takes what is given to a call, and makes its destination. */
  async openCall(session: PipelineSession, options: LoadOptions, startedAt: Date): Promise<PipelineCall> {
    this.binding.adopt(options)
    const destination = await this.binding.resolve(session.state)
    await this.begin(session, destination)
    return this.call(session, this.steps(session), destination, { startedAt })
  }

  /** A call whose destination is known. */
  call(
    session: PipelineSession,
    steps: PipelineSteps,
    destination: Destination,
    of: { readonly startedAt: Date; readonly firstRun?: boolean },
  ): PipelineCall {
    const { firstRun = session.state._local.first_run, startedAt } = of
    const target = () => this.#target(session, destination)
    return new PipelineCall({ session, steps, destination, target, startedAt, firstRun })
  }

  /** Notes that a step takes the folder as it is: it is not begun anew after that. */
  keep(): void {
    this.#hasRun = true
  }

  /** Notes that the pipeline runs. What a database in memory held is gone with the process that loaded it, and so must the state be. */
  async begin(session: PipelineSession, destination: Destination | undefined): Promise<void> {
    const isFirst = !this.#hasRun
    this.#hasRun = true
    if (destination === undefined) return
    const { context } = this.#target(session, destination)
    if (destination.isVolatile?.(context) !== true) return
    if (isFirst && !reflectsMemory(destination, this.directory)) {
      refuseToForget(session)
      await session.reset()
    }
    rememberMemory(destination, this.directory)
    await session.store({ schemas: session.schemas, state: withLocal(session.state, { _in_memory: true }) })
  }

  /** The steps of one call, with the settings of the pipeline. */
  steps(session: PipelineSession, binding: DestinationBinding = this.binding): PipelineSteps {
    const { normalizeWorkers: workers, promotion, quarantine, refresh, restoreFromDestination } = this.#options
    const storesState = restoreFromDestination !== false
    return new PipelineSteps(session, binding, {
      storesState,
      ...(refresh !== undefined && { refresh }),
      normalize: {
        ...(workers !== undefined && { workers }),
        ...(promotion !== undefined && { promotes: promotion }),
        ...(quarantine !== undefined && { quarantines: quarantine }),
      },
    })
  }

  /** Takes state and schemas from the destination, unless that is switched off. */
  async sync(steps: PipelineSteps, destination: Destination): Promise<void> {
    const { restoreFromDestination } = this.#options
    if (restoreFromDestination !== false && !this.isDevelopment) await steps.sync(destination)
    else this.logger.info(notRestoredLine(this.pipelineName, this.isDevelopment))
  }

  /** Releases what the destination keeps open. */
  async close(): Promise<void> {
    const destination = this.binding.latest
    if (destination === undefined) return
    await destination.close?.()
    forgetMemory(destination)
    if (!this.isDevelopment) this.#hasRun = false
  }

  #target({ state, defaultSchema }: PipelineSession, destination: Destination): PipelineTarget {
    return this.binding.target(destination, this.binding.datasetName(state), defaultSchema)
  }
}
