import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { type Destination, MissingPackageError } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { defaultPipelineName, scriptFolder } from '../destinations/executing-script.ts'
import { LazyDestination } from '../destinations/lazy-destination.ts'
import { type DestinationInput, resolveDestination } from '../destinations/resolve-destination.ts'
import { planSources } from '../extract/plan-sources.ts'
import type { ResourceData } from '../extract/resource-data.ts'
import { withDirectoryLock } from '../packages/directory-lock.ts'
import { WorkingDirectory } from '../packages/working-directory.ts'
import { workingDirectoryPath } from '../packages/working-directory-path.ts'
import { createLogger, type Logger } from '../runtime/logger.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { readCache } from '../state/state-cache.ts'
import { devModeSuffix } from './dev-mode.ts'
import type { ExtractInfo } from './extract-info.ts'
import { extractStep } from './extract-step.ts'
import { type LoadedPackage, LoadInfo } from './load-info.ts'
import { loadStep } from './load-step.ts'
import type { NormalizeInfo } from './normalize-info.ts'
import { normalizeStep } from './normalize-step.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { PipelineSession } from './pipeline-session.ts'
import { type PipelineStep, PipelineStepFailed } from './pipeline-step-failed.ts'
import { createTarget, type PipelineTarget } from './pipeline-target.ts'
import type { ExtractOptions, LoadOptions, RunOptions } from './run-options.ts'
import { syncStep } from './sync-step.ts'

/** Working directories that this process has emptied because nothing of them outlives it. */
const startedFresh = new Set<string>()

/** Moves data to a destination: extracts it, normalizes it, loads it, and remembers where it was. */
export class Pipeline implements AsyncDisposable {
  readonly pipelineName: string
  /** Folder with the pipeline's packages, state and schemas. */
  readonly workingDir: string
  /** Secret for deterministic hashing. */
  readonly pipelineSecret: string
  readonly #options: PipelineOptions
  readonly #logger: Logger
  readonly #suffix: string
  #destination: DestinationInput | undefined
  #datasetName: string | undefined
  #credentials: unknown
  #resolved: { readonly input: DestinationInput; readonly destination: Destination } | undefined
  #isSynced = false

  constructor(options: PipelineOptions = {}) {
    this.#options = options
    this.pipelineName = options.pipelineName ?? defaultPipelineName()
    this.workingDir = resolve(options.workingDir ?? workingDirectoryPath(this.pipelineName))
    this.pipelineSecret = options.pipelineSecret ?? randomBytes(16).toString('base64')
    this.#logger = options.logger ?? createLogger()
    this.#suffix = options.devMode === true ? devModeSuffix(new Date()) : ''
    this.#destination = options.destination
    this.#datasetName = options.datasetName
    this.#credentials = options.credentials
  }

  /** Name of the dataset that the next load goes to: as given, as in the state, else the pipeline's name. */
  get datasetName(): string {
    return this.#datasetOf(this.state)
  }

  /** The state as it is in the working directory. An immutable value. */
  get state(): PipelineState {
    return readCache(new WorkingDirectory(this.workingDir), this.pipelineName).state
  }

  /** The schemas as they are in the working directory, by name. */
  get schemas(): ReadonlyMap<string, Schema> {
    return readCache(new WorkingDirectory(this.workingDir), this.pipelineName).schemas
  }

  /** Name of the schema that takes data without a schema of its own; undefined until something was extracted. */
  get defaultSchemaName(): string | undefined {
    return this.state.default_schema_name ?? undefined
  }

  /**
   * Finishes what is pending, then extracts, normalizes and loads the data.
   *
   * ```ts
   * const info = await pipeline.run([{ id: 1 }], { tableName: 'items' })
   * ```
   *
   * @returns what was loaded. A package that the destination refuses for good raises nothing: see `hasFailedJobs`.
   * @throws MissingPackageError, DltError before anything is extracted, when the destination cannot be used
   * @throws PipelineStepFailed when a step fails; what was committed before is finished by the next run
   */
  async run(data: ResourceData, options: RunOptions = {}): Promise<LoadInfo> {
    this.#adopt(options)
    const destination = await this.#resolve()
    const startedAt = new Date()
    return this.#locked(async (session) => {
      await this.#startFresh(session, destination)
      const isFirst = session.state._local.first_run
      await this.#sync(session, destination)
      const packages = [...(await this.#finishPending(session, destination))]
      if (!packages.some(({ state }) => state === 'failed')) {
        await this.#extract(session, data, options, destination)
        packages.push(...(await this.#finishPending(session, destination)))
      }
      return this.#loadInfo(session, destination, { startedAt, isFirst, packages })
    })
  }

  /**
   * Reads data into load packages, which wait to be normalized and loaded, by this process or another. Needs no destination package.
   * @throws PipelineStepFailed; nothing was committed then, and the state is as it was
   */
  async extract(data: ResourceData, options: ExtractOptions = {}): Promise<ExtractInfo> {
    return this.#locked(async (session) => this.#extract(session, data, options, await this.#resolveIfInstalled()))
  }

  /**
   * Turns extracted packages into typed tables in files, for the destination.
   * @throws PipelineStepFailed; packages that are not finished stay extracted
   */
  async normalize(): Promise<NormalizeInfo> {
    const startedAt = new Date()
    return this.#locked(async (session) => {
      const packages = await this.#step(session, 'normalize', async () =>
        normalizeStep(session, await this.#normalizeInput(await this.#resolve())),
      )
      return { pipelineName: this.pipelineName, startedAt, finishedAt: new Date(), packages }
    })
  }

  /**
   * Loads normalized packages, each as a whole or not at all.
   * @throws PipelineStepFailed when the destination cannot be used or reached; packages that are not loaded stay as they are
   */
  async load(options: LoadOptions = {}): Promise<LoadInfo> {
    this.#adopt(options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      const isFirst = session.state._local.first_run
      const { destination, packages } = await this.#step(session, 'load', async (atPackage) => {
        const resolved = await this.#resolve()
        return { destination: resolved, packages: await loadStep(session, this.#target(session, resolved), atPackage) }
      })
      return this.#loadInfo(session, destination, { startedAt, isFirst, packages })
    })
  }

  /** Releases what the destination keeps open: a database in memory is gone after it. */
  async close(): Promise<void> {
    await this.#resolved?.destination.close?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #adopt({ destination, datasetName, credentials }: LoadOptions): void {
    this.#destination = destination ?? this.#destination
    this.#datasetName = datasetName ?? this.#datasetName
    this.#credentials = credentials ?? this.#credentials
  }

  #datasetOf(state: PipelineState): string {
    return `${this.#datasetName ?? state.dataset_name ?? this.pipelineName}${this.#suffix}`
  }

  /** What is given counts; else the destination that the state names. */
  get #input(): DestinationInput | undefined {
    return this.#destination ?? this.state.destination_type ?? undefined
  }

  async #resolve(): Promise<Destination> {
    const input = this.#input
    if (this.#resolved !== undefined && this.#resolved.input === input) return this.#resolved.destination
    const destination = await resolveDestination(input, { from: scriptFolder() })
    if (input !== undefined) this.#resolved = { input, destination }
    return destination
  }

  async #resolveIfInstalled(): Promise<Destination | undefined> {
    if (this.#input === undefined) return undefined
    try {
      return await this.#resolve()
    } catch (error) {
      // Extracting needs no destination: the step that does will say what is missing.
      if (error instanceof MissingPackageError) return undefined
      throw error
    }
  }

  async #locked<Result>(run: (session: PipelineSession) => Promise<Result>): Promise<Result> {
    const working = new WorkingDirectory(this.workingDir)
    await working.prepare(this.pipelineName)
    return withDirectoryLock(this.workingDir, this.pipelineName, async () => {
      if (this.#suffix !== '') await wipeOnce(working, this.pipelineName)
      return run(await PipelineSession.open(this.pipelineName, this.workingDir, this.#logger))
    })
  }

  /** What a database in memory held is gone with the process that loaded it, and so must the state be. */
  async #startFresh(session: PipelineSession, destination: Destination): Promise<void> {
    const { context } = this.#target(session, destination)
    if (destination.isVolatile?.(context) !== true || startedFresh.has(this.workingDir)) return
    startedFresh.add(this.workingDir)
    await session.reset()
  }

  #target(session: PipelineSession, destination: Destination): PipelineTarget {
    const datasetName = this.#datasetOf(session.state)
    return createTarget(session, { destination, datasetName, credentials: this.#credentials })
  }

  async #sync(session: PipelineSession, destination: Destination): Promise<void> {
    const isWanted = this.#options.restoreFromDestination !== false && this.#suffix === ''
    if (!isWanted || this.#isSynced) return
    await this.#step(session, 'sync', () => syncStep(session, this.#target(session, destination)))
    this.#isSynced = true
  }

  async #finishPending(session: PipelineSession, destination: Destination): Promise<readonly LoadedPackage[]> {
    const input = await this.#normalizeInput(destination)
    const failed = await this.#loadPending(session, destination)
    if (failed.some(({ state }) => state === 'failed')) return failed
    await this.#step(session, 'normalize', () => normalizeStep(session, input))
    return [...failed, ...(await this.#loadPending(session, destination))]
  }

  #loadPending(session: PipelineSession, destination: Destination): Promise<readonly LoadedPackage[]> {
    return this.#step(session, 'load', (atPackage) => loadStep(session, this.#target(session, destination), atPackage))
  }

  async #normalizeInput({ capabilities }: Destination): Promise<Parameters<typeof normalizeStep>[1]> {
    const { normalizeWorkers } = this.#options
    return { capabilities, ...(normalizeWorkers !== undefined && { workers: normalizeWorkers }) }
  }

  async #extract(
    session: PipelineSession,
    data: ResourceData,
    { schema, ...hints }: ExtractOptions,
    destination: Destination | undefined,
  ): Promise<ExtractInfo> {
    const startedAt = new Date()
    const identifiers = destination?.capabilities.identifiers
    const { loadIds, sources } = await this.#step(session, 'extract', () => {
      const { defaultSchema } = session
      const context = {
        pipelineName: this.pipelineName,
        schemas: session.schemas,
        ...(defaultSchema !== undefined && { defaultSchema }),
        ...(schema !== undefined && { schema }),
      }
      return extractStep(session, {
        sources: planSources(data, hints, context),
        properties: this.#properties(session.state, destination),
        storesState: this.#options.restoreFromDestination !== false,
        ...(identifiers !== undefined && {
          maxIdentifierLength: Math.min(identifiers.maxLength, identifiers.maxColumnLength ?? identifiers.maxLength),
        }),
      })
    })
    return { pipelineName: this.pipelineName, startedAt, finishedAt: new Date(), loadIds, sources }
  }

  #properties(state: PipelineState, destination: Destination | undefined): Partial<PipelineState> {
    const type = destination?.type ?? referenceName(this.#destination) ?? state.destination_type
    const name = destination === undefined || destination.name === destination.type ? null : destination.name
    return {
      dataset_name: this.#datasetOf(state),
      ...(typeof type === 'string' && { destination_type: stateType(type), destination_name: name }),
    }
  }

  async #step<Result>(
    session: PipelineSession,
    step: PipelineStep,
    run: (atPackage: (loadId: string) => void) => Promise<Result>,
  ): Promise<Result> {
    let loadId: string | undefined
    try {
      return await run((id) => {
        loadId = id
      })
    } catch (cause) {
      if (cause instanceof PipelineStepFailed) throw cause
      const hasPendingPackages = await session.hasPendingPackages()
      const at = loadId === undefined ? {} : { loadId }
      throw new PipelineStepFailed({ pipeline: this.pipelineName, step, hasPendingPackages, cause, ...at })
    }
  }

  #loadInfo(
    session: PipelineSession,
    destination: Destination,
    done: { readonly startedAt: Date; readonly isFirst: boolean; readonly packages: readonly LoadedPackage[] },
  ): LoadInfo {
    const { context } = this.#target(session, destination)
    return new LoadInfo({
      pipelineName: this.pipelineName,
      destinationType: destination.type,
      destinationName: destination.name,
      destination: destination.describe(context),
      datasetName: context.datasetName,
      startedAt: done.startedAt,
      finishedAt: new Date(),
      firstRun: done.isFirst,
      packages: done.packages,
    })
  }
}

async function wipeOnce(working: WorkingDirectory, pipelineName: string): Promise<void> {
  if (startedFresh.has(working.path)) return
  startedFresh.add(working.path)
  await working.wipe(pipelineName)
}

function referenceName(input: DestinationInput | undefined): string | undefined {
  if (typeof input === 'string') return input
  return LazyDestination.is(input) ? input.reference : undefined
}

/** The state names official destinations as the reference system does, so that it can restore from it. */
function stateType(type: string): string {
  return /^[a-z]+$/.test(type) ? `dlt.destinations.${type}` : type
}
