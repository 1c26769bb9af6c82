import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { type Destination, normalizeDatasetName } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import { Dataset } from '../dataset/dataset.ts'
import { type ReadOptions, readOptions } from '../dataset/dataset-options.ts'
import type { UntypedDatabase } from '../dataset/row-types.ts'
import { currentPlace, withPipeline } from '../extract/current-place.ts'
import type { Bound } from '../extract/declared-types.ts'
import type { ResourceData } from '../extract/resource-data.ts'
import { type LoadedPackage, LoadInfo } from '../load/load-info.ts'
import { refuseUnknownOptions } from '../options/known-options.ts'
import { withDirectoryLock } from '../packages/directory-lock.ts'
import { isMarkedDirectory } from '../packages/directory-marker.ts'
import { readPendingGroupsUnlocked } from '../packages/package-group.ts'
import { WorkingDirectory } from '../packages/working-directory.ts'
import { workingDirectoryPath } from '../packages/working-directory-path.ts'
import { planRun } from '../plan/plan-run.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { planDrop } from '../refresh/plan-drop.ts'
import { concealingLogger, createLogger, type Logger, withLogger } from '../runtime/logger.ts'
import { SchemaFiles } from '../schema-files/schema-files.ts'
import { freezeDeeply } from '../state/freeze-deeply.ts'
import { type LocalValues, localValue } from '../state/local-values.ts'
import { createState, type PipelineState, withLocal } from '../state/pipeline-state.ts'
import { type PipelineSnapshot, readSnapshot } from '../state/state-cache.ts'
import type { StateValue } from '../state/state-draft.ts'
import { type AbortInfo, abortPackages } from './abort-packages.ts'
import { activate } from './active-pipeline.ts'
import { checkOptions } from './check-options.ts'
import { requireSchema } from './commit-change.ts'
import { configuredOptions } from './configured-options.ts'
import { DestinationBinding } from './destination-binding.ts'
import { devModeSuffix } from './dev-mode.ts'
import type { ExtractInfo } from './extract-info.ts'
import { isBlocking } from './failed-package.ts'
import { forgetMemory, reflectsMemory, refuseToForget, rememberMemory } from './fresh-start.ts'
import { loadedAtDestination } from './loaded-at-destination.ts'
import type { NormalizeInfo } from './normalize-info.ts'
import { type PendingPackage, pendingPackages, requirePending } from './pending-package.ts'
import { pendingTarget } from './pending-target.ts'
import { requirePipelineName } from './pipeline-name.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { PipelineSession } from './pipeline-session.ts'
import { PipelineSteps } from './pipeline-steps.ts'
import type { PipelineTarget } from './pipeline-target.ts'
import { notRestoredLine, refuseWaiting, restoresNothing } from './refuse-sync.ts'
import type { DropInfo, DropOptions, ExtractOptions, LoadOptions, RetryOptions, RunOptions } from './run-options.ts'
import type { SchemaChange } from './schema-change.ts'
import type { SyncInfo } from './sync-info.ts'

/** Moves data to a destination: extracts it, normalizes it, loads it, and remembers where it was. */
export class Pipeline implements AsyncDisposable {
  readonly pipelineName: string
  /** Folder with the pipeline's packages, state and schemas. */
  readonly workingDir: string
  readonly #options: PipelineOptions
  readonly #secret: string
  readonly #logger: Logger
  readonly #working: WorkingDirectory
  readonly #binding: DestinationBinding
  readonly #schemaFiles: SchemaFiles
  #hasRun = false

  /** @throws DltError `CONFIGURATION` for a name that no folder can have, a configured value that does not fit, a malformed file */
  constructor(given: PipelineOptions = {}) {
    checkOptions('dlt.pipeline', given)
    const options =
      given.logger === undefined
        ? configuredOptions(given)
        : withLogger(concealingLogger(given.logger), () => configuredOptions(given))
    this.#options = options
    this.pipelineName = options.pipelineName
    requirePipelineName(this.pipelineName)
    this.workingDir = resolve(options.workingDir ?? workingDirectoryPath(this.pipelineName))
    this.#secret = options.pipelineSecret ?? randomBytes(16).toString('base64')
    this.#logger = concealingLogger(options.logger ?? createLogger(options.logLevel))
    this.#working = new WorkingDirectory(this.workingDir, this.pipelineName)
    const suffix = options.devMode === true ? devModeSuffix(new Date()) : ''
    this.#schemaFiles = new SchemaFiles(options, this.#logger)
    this.#binding = new DestinationBinding({ ...options, pipelineName: this.pipelineName, suffix })
  }

  /** Secret for deterministic hashing. */
  get pipelineSecret(): string {
    return this.#secret
  }

  /** Name of the dataset for what is extracted next: as given, as in the state, else the pipeline's name. */
  get datasetName(): string {
    return this.#binding.datasetName(this.state)
  }

  /** The state, with everything that is pending. An immutable value, frozen as a whole. */
  get state(): PipelineState {
    return freezeDeeply(this.#snapshot().state)
  }

  /** The schemas by name, with everything that is pending. */
  get schemas(): ReadonlyMap<string, Schema> {
    return this.#snapshot().schemas
  }

  /** Name of the schema that takes data without a schema of its own; undefined until something was extracted. */
  get defaultSchemaName(): string | undefined {
    return this.state.default_schema_name ?? undefined
  }

  /** The schema that takes data without a schema of its own; undefined until something was extracted. */
  get defaultSchema(): Schema | undefined {
    const { state, schemas } = this.#snapshot()
    return schemas.get(state.default_schema_name ?? '')
  }

  /**
   * Finishes what is pending, in the dataset that it was extracted for, then takes state and schemas from the destination where they are newer there, then extracts,
   * normalizes and loads the data.
   *
   * ```ts
   * const info = await pipeline.run([{ id: 1 }], { tableName: 'items' })
   * ```
   *
   * @returns what was loaded. A package that the destination refuses for good raises nothing: see `hasFailedJobs`. While there is
   * one, nothing more is extracted.
   * @throws MissingPackageError, DltError before anything is extracted, when the destination cannot be used
   * @throws PipelineStepFailed when a step fails; what was committed before is finished by the next run
   */
  async run<Data extends ResourceData>(data: Data & Bound<Data>, options: RunOptions = {}): Promise<LoadInfo> {
    checkOptions('run', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      this.#binding.adopt(options)
      const destination = await this.#binding.resolve(session.state)
      await this.#begin(session, destination)
      const steps = this.#steps(session)
      const firstRun = session.state._local.first_run
      const packages = [...(await steps.finishPending(destination))]
      if (!packages.some(isBlocking)) {
        await this.#sync(steps, destination)
        await using headStart = steps.headStart(destination)
        await withPipeline(this, session.localValues, () => steps.extract(data, options, destination, headStart))
        packages.push(...(await steps.finishPending(destination, headStart)))
      }
      return this.#loadInfo(session, steps, destination, { startedAt, firstRun, packages })
    })
  }

  /**
   * Takes state and schemas from the destination where they are newer there; `run` does it by itself. A pipeline that loaded before
   * and finds its dataset gone starts anew.
   *
   * ```ts
   * const { outcome } = await pipeline.syncDestination()
   * ```
   *
   * @throws DltError `PACKAGE` while packages wait, `CONFIGURATION` in development mode
   * @throws PipelineStepFailed where the destination cannot be reached, or what it holds cannot be read
   */
  async syncDestination(options: LoadOptions = {}): Promise<SyncInfo> {
    checkOptions('syncDestination', options)
    if (this.#options.devMode === true) throw restoresNothing(this.pipelineName)
    return this.#locked(async (session) => {
      this.#binding.adopt(options)
      const destination = await this.#binding.resolve(session.state)
      await this.#begin(session, destination)
      refuseWaiting(session)
      return this.#steps(session).sync(destination)
    })
  }

  /**
   * Tells what a run with this data would change at the destination, before anything is loaded: tables, columns, types, rows, and what
   * the destination cannot take. The data is read and normalized for it; state, cursors, schemas and packages stay as they are, and
   * the destination is only read.
   *
   * ```ts
   * const plan = await pipeline.plan(orders())
   * console.log(String(plan))
   * ```
   *
   * @throws PipelineStepFailed where the data cannot be read, or the destination cannot be reached
   */
  async plan(data: ResourceData, options: RunOptions = {}): Promise<RunPlan> {
    checkOptions('plan', options)
    const binding = this.#binding.copyFor(options)
    const { state } = this.#snapshot()
    const destination = await binding.resolve(state)
    const { context } = binding.target(destination, binding.datasetName(state), undefined)
    const isForgotten = destination.isVolatile?.(context) === true && !reflectsMemory(destination, this.workingDir)
    const pending = await this.pendingPackages()
    return planRun({
      pipelineName: this.pipelineName,
      logger: { ...this.#logger, info: () => undefined },
      schemaFiles: this.#schemaFiles.readOnly(),
      snapshot: isForgotten ? { state: createState(this.pipelineName), schemas: new Map() } : this.#snapshot(),
      pendingLoadIds: pending.map(({ loadId }) => loadId),
      binding,
      destination,
      stepsOf: (session) => this.#steps(session, binding),
      sync: (steps) => this.#sync(steps, destination),
      extract: async (steps, session) => {
        await withPipeline(this, session.localValues, () => steps.extract(data, options, destination))
      },
    })
  }

  /**
   * Drops or renames a column, with its values, at the destination and for all data to come: data that still has a dropped column adds
   * it no more, and what it has under an old name goes to the new one. It is a load package of its own, without rows.
   *
   * ```ts
   * await pipeline.alterSchema({ table: 'orders', dropColumn: 'note' })
   * await pipeline.alterSchema({ table: 'orders', renameColumn: { from: 'qty', to: 'quantity' } })
   * ```
   *
   * @throws DltError `SCHEMA` where the change cannot be made, `PACKAGE` while packages wait
   * @throws PipelineStepFailed where the destination refuses it; the package waits then, for `retry` or `abort`
   */
  async alterSchema(change: SchemaChange, options: LoadOptions = {}): Promise<LoadInfo> {
    checkOptions('alterSchema', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      this.#binding.adopt(options)
      const destination = await this.#binding.resolve(session.state)
      await this.#begin(session, destination)
      refuseWaiting(session)
      const steps = this.#steps(session)
      await this.#sync(steps, destination)
      await steps.alter(change, destination)
      const packages = await steps.finishPending(destination)
      return this.#loadInfo(session, steps, destination, { startedAt, firstRun: false, packages })
    })
  }

  /**
   * Drops tables of resources and forgets their state, so that they begin anew, or never come back. It is a load package of its own:
   * nothing is gone before it is loaded.
   *
   * ```ts
   * await pipeline.drop({ resources: ['issues', 're:pull_'] })
   * await pipeline.drop({ statePaths: 'last_page', stateOnly: true })
   * ```
   *
   * @returns what was removed; with `dryRun` what would be
   * @throws DltError `SCHEMA` where there is no such schema, `PACKAGE` while packages wait, `CONFIGURATION` for a pattern or path that
   * cannot be read
   * @throws PipelineStepFailed where the destination refuses it; the package waits then, for `retry` or `abort`
   */
  async drop(options: DropOptions): Promise<DropInfo> {
    checkOptions('drop', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      this.#binding.adopt(options)
      const destination = await this.#binding.resolve(session.state)
      await this.#begin(session, destination)
      refuseWaiting(session)
      const steps = this.#steps(session)
      await this.#sync(steps, destination)
      const plan = planDrop(requireSchema(session, options.schema), session.state, options)
      for (const warning of plan.parts.warnings) session.logger.warning(`Pipeline "${this.pipelineName}": ${warning}`)
      if (options.dryRun === true || plan.parts.isEmpty) return plan.parts
      await steps.drop(plan, destination)
      const packages = await steps.finishPending(destination)
      const loadInfo = this.#loadInfo(session, steps, destination, { startedAt, firstRun: false, packages })
      return { ...plan.parts, loadInfo }
    })
  }

  /**
   * Reads data into load packages, which wait to be normalized and loaded, by this process or another. Needs no destination.
   * @throws PipelineStepFailed; nothing was committed then, and the state is as it was
   */
  async extract<Data extends ResourceData>(
    data: Data & Bound<Data>,
    options: ExtractOptions = {},
  ): Promise<ExtractInfo> {
    checkOptions('extract', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      const destination = await this.#binding.resolveIfInstalled(session.state)
      await this.#begin(session, destination)
      const steps = this.#steps(session)
      const packages = await withPipeline(this, session.localValues, () => steps.extract(data, options, destination))
      return { pipelineName: this.pipelineName, startedAt, finishedAt: new Date(), packages }
    })
  }

  /**
   * Turns extracted packages into files of typed rows, for the destination.
   * @throws PipelineStepFailed also when the destination cannot be used; packages that are not finished stay extracted
   */
  async normalize(): Promise<NormalizeInfo> {
    const startedAt = new Date()
    return this.#locked(async (session) => {
      this.#hasRun = true
      const packages = await this.#steps(session).normalize()
      return { pipelineName: this.pipelineName, startedAt, finishedAt: new Date(), packages }
    })
  }

  /**
   * Loads normalized packages, each as a whole or not at all, into the dataset that it was extracted for. A `datasetName` or
   * `destination` that is given here sends all of them there instead.
   * @throws PipelineStepFailed when the destination cannot be used or reached; packages that are not loaded stay as they are
   */
  async load(options: LoadOptions = {}): Promise<LoadInfo> {
    checkOptions('load', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      this.#hasRun = true
      this.#binding.adopt(options)
      const steps = this.#steps(session)
      const firstRun = session.state._local.first_run
      const { destination, packages } = await steps.load(options)
      await this.#begin(session, destination)
      return this.#loadInfo(session, steps, destination, { startedAt, firstRun, packages })
    })
  }

  /**
   * Gives up a package that waits, with all packages of its extract and of every later one, and puts state and schemas back to what
   * that extract started from: the next run extracts the same rows again. Nothing at the destination is touched; it is asked whether
   * it has the packages, where they are normalized.
   *
   * @param loadId one of `pendingPackages()`
   * @param options.force also when packages of the same extract are loaded already: their rows stay, and are extracted again.
   * Default: false
   * @throws DltError `PACKAGE` when no such package waits, or one of the packages is loaded and `force` is not given;
   * what the destination throws where it cannot be asked, unless `force` is given
   */
  async abort(loadId: string, options: { readonly force?: boolean } = {}): Promise<AbortInfo> {
    return this.#locked(async (session) => {
      if (options.force === true) return abortPackages(session, loadId, undefined)
      const groups = requirePending(session, loadId)
      if (groups.every(({ stage }) => stage === 'extracted')) return abortPackages(session, loadId, undefined)
      const destination = await this.#binding.resolve(session.state)
      return abortPackages(session, loadId, (group) =>
        loadedAtDestination(group, (stored) => pendingTarget(session, this.#binding, destination, group, stored)),
      )
    })
  }

  /**
   * Finishes what waits, up to everything, without extracting: what a failed package needs once its cause is gone.
   *
   * @param loadId one of `pendingPackages()`
   * @throws DltError `PACKAGE` when no such package waits; otherwise like `run`
   */
  async retry(loadId: string, options: RetryOptions = {}): Promise<LoadInfo> {
    checkOptions('retry', options)
    const startedAt = new Date()
    return this.#locked(async (session) => {
      requirePending(session, loadId)
      this.#binding.adopt(options)
      const destination = await this.#binding.resolve(session.state)
      await this.#begin(session, destination)
      const steps = this.#steps(session)
      const firstRun = session.state._local.first_run
      const packages = await steps.finishPending(destination)
      return this.#loadInfo(session, steps, destination, { startedAt, firstRun, packages })
    })
  }

  /** Packages that wait to be normalized or loaded, in the order in which they are finished. Needs no destination and no lock. */
  async pendingPackages(): Promise<readonly PendingPackage[]> {
    return this.#isOurs() ? pendingPackages(readPendingGroupsUnlocked(this.#working)) : []
  }

  /**
   * A value of the state that stays in the working directory, as `setLocalStateValue` put it there; `undefined` where there is none.
   * Needs no destination and no lock.
   */
  getLocalStateValue(key: string): unknown {
    const values = this.#runningValues
    return values?.has(key) === true ? values.get(key) : this.state._local[key]
  }

  /**
   * Stores a value in the state of the working directory only: it is never sent to a destination, and gone where that directory is.
   * At once, but for code of a resource while it is extracted: then with the data, and not at all where the extract fails.
   *
   * ```ts
   * await pipeline.setLocalStateValue('last_notified', new Date())
   * ```
   *
   * @param value what a state can hold; `undefined` removes it
   * @throws DltError `STATE` for a key that the pipeline uses itself, a value that a state cannot hold, and a secret
   */
  async setLocalStateValue(key: string, value: StateValue | undefined): Promise<void> {
    const stored = localValue(key, value)
    const values = this.#runningValues
    if (values !== undefined) values.set(key, stored)
    else await this.#locked((session) => session.storeLocal(new Map([[key, stored]])))
  }

  /**
   * The dataset that the pipeline loads, for reading: tables, rows, loads, and an instance of Kysely. Nothing is opened here.
   *
   * ```ts
   * const rows = await pipeline.dataset().table('items').where('id', '>', 10).rows()
   * ```
   */
  dataset<Database extends object = UntypedDatabase>(options: ReadOptions = {}): Dataset<Database> {
    refuseUnknownOptions('dataset', options, readOptions)
    return new Dataset<Database>(async () => {
      const { state, schemas } = this.#snapshot()
      const schema = schemas.get(state.default_schema_name ?? '')
      return this.#binding.target(await this.#binding.resolve(state), this.#binding.datasetName(state), schema)
    }, options)
  }

  /**
   * Writes the types of all tables into a TypeScript file with an interface `Database`, for `pipeline.dataset<Database>()` and
   * `dataset.kysely<Database>()`. They are those of the local schemas, or of the dataset where there are none. The file is replaced as a
   * whole, and left alone where nothing has changed.
   * @throws DltError `CONFIGURATION` where the file cannot be written
   */
  async writeTypes(path: string): Promise<void> {
    const schemas = [...this.schemas.values()]
    if (schemas.length === 0) return this.dataset().writeTypes(path)
    const { writeDatabaseTypes } = await import('../dataset/types/write-types.ts')
    await writeDatabaseTypes(path, schemas)
  }

  /** Releases what the destination keeps open: a database in memory is gone after it. Nothing may be running. */
  async close(): Promise<void> {
    const destination = this.#binding.latest
    if (destination === undefined) return
    await destination.close?.()
    forgetMemory(destination)
    if (this.#options.devMode !== true) this.#hasRun = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  // Code of an extract holds the lock: it must not wait for it.
  get #runningValues(): LocalValues | undefined {
    const { pipeline, localValues } = currentPlace()
    return pipeline === this ? localValues : undefined
  }

  async #sync(steps: PipelineSteps, destination: Destination): Promise<void> {
    const { devMode, restoreFromDestination } = this.#options
    if (restoreFromDestination !== false && devMode !== true) await steps.sync(destination)
    else this.#logger.info(notRestoredLine(this.pipelineName, devMode === true))
  }

  #isOurs(): boolean {
    const startsAnew = this.#options.devMode === true && !this.#hasRun
    return isMarkedDirectory(this.workingDir, this.pipelineName) && !startsAnew
  }

  #snapshot(): PipelineSnapshot {
    if (!this.#isOurs()) return { state: createState(this.pipelineName), schemas: new Map() }
    return readSnapshot(this.#working, this.pipelineName, readPendingGroupsUnlocked(this.#working))
  }

  async #locked<Result>(run: (session: PipelineSession) => Promise<Result>): Promise<Result> {
    activate(this)
    const create = () => this.#working.create()
    return withDirectoryLock({ directory: this.workingDir, pipeline: this.pipelineName, create }, async () => {
      await this.#working.prepare()
      if (this.#options.devMode === true && !this.#hasRun) await this.#working.wipe()
      const session = await PipelineSession.open({
        pipelineName: this.pipelineName,
        working: this.#working,
        logger: this.#logger,
        schemaFiles: this.#schemaFiles,
      })
      if (this.#options.devMode === true) this.#hasRun = true
      return withLogger(this.#logger, () => run(session))
    })
  }

  /** What a database in memory held is gone with the process that loaded it, and so must the state be. */
  async #begin(session: PipelineSession, destination: Destination | undefined): Promise<void> {
    const isFirst = !this.#hasRun
    this.#hasRun = true
    if (destination === undefined) return
    const { context } = this.#target(session, destination)
    if (destination.isVolatile?.(context) !== true) return
    if (isFirst && !reflectsMemory(destination, this.workingDir)) {
      refuseToForget(session)
      await session.reset()
    }
    rememberMemory(destination, this.workingDir)
    await session.store({ schemas: session.schemas, state: withLocal(session.state, { _in_memory: true }) })
  }

  #target({ state, defaultSchema }: PipelineSession, destination: Destination): PipelineTarget {
    return this.#binding.target(destination, this.#binding.datasetName(state), defaultSchema)
  }

  #steps(session: PipelineSession, binding: DestinationBinding = this.#binding): PipelineSteps {
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

  #loadInfo(
    session: PipelineSession,
    { timings, extracted, normalized }: PipelineSteps,
    destination: Destination,
    done: { readonly startedAt: Date; readonly firstRun: boolean; readonly packages: readonly LoadedPackage[] },
  ): LoadInfo {
    const { context } = this.#target(session, destination)
    const tried = new Set(done.packages.map(({ loadId }) => loadId))
    return new LoadInfo({
      ...done,
      pipelineName: this.pipelineName,
      destinationType: destination.type,
      destinationName: destination.name,
      destination: destination.describe(context),
      datasetName:
        done.packages.at(-1)?.datasetName ?? normalizeDatasetName(context, destination.capabilities.identifiers),
      finishedAt: new Date(),
      extracted,
      normalized,
      steps: timings,
      pendingLoadIds: session
        .pendingGroups()
        .flatMap(({ packages }) => packages.map(({ loadId }) => loadId))
        .filter((loadId) => !tried.has(loadId)),
    })
  }
}
