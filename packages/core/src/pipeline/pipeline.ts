import { randomBytes } from 'node:crypto'
import { refuseUnknownOptions, type Schema } from '@dlt/schema'
import { Dataset } from '../dataset/dataset.ts'
import { type ReadOptions, readOptions } from '../dataset/dataset-options.ts'
import type { UntypedDatabase } from '../dataset/row-types.ts'
import { currentPlace, withPipeline } from '../declare/current-place.ts'
import type { Bound } from '../declare/declared-types.ts'
import type { ResourceData } from '../declare/resource-data.ts'
import type { ExtractInfo } from '../extract/extract-info.ts'
import type { LoadInfo } from '../load/load-info.ts'
import type { NormalizeInfo } from '../normalize/normalize-info.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import { concealingLogger, withLogger } from '../runtime/logger.ts'
import { freezeDeeply } from '../state/freeze-deeply.ts'
import { type LocalValues, localValue } from '../state/local-values.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import type { StateValue } from '../state/state-draft.ts'
import { abortCall } from './abort-call.ts'
import type { AbortInfo } from './abort-packages.ts'
import { activate } from './active-pipeline.ts'
import { alterCall, dropCall } from './change-call.ts'
import { checkOptions } from './check-options.ts'
import { configuredOptions } from './configured-options.ts'
import { isBlocking } from './failed-package.ts'
import { type PendingPackage, pendingPackages, requirePending } from './pending-package.ts'
import { requirePipelineName } from './pipeline-name.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { PipelineWorkplace } from './pipeline-workplace.ts'
import { planCall } from './plan-call.ts'
import { refuseWaiting, restoresNothing } from './refuse-sync.ts'
import type { DropInfo, DropOptions, ExtractOptions, LoadOptions, RetryOptions, RunOptions } from './run-options.ts'
import type { SchemaChange } from './schema-change.ts'
import type { SyncInfo } from './sync-info.ts'

/** Moves data to a destination: extracts it, normalizes it, loads it, and remembers where it was. */
export class Pipeline implements AsyncDisposable {
  readonly pipelineName: string
  /** Folder with the pipeline's packages, state and schemas. */
  readonly workingDir: string
  readonly #secret: string
  readonly #place: PipelineWorkplace

  /** @throws DltError `CONFIGURATION` for a name that no folder can have, a configured value that does not fit, a malformed file */
  constructor(given: PipelineOptions = {}) {
    checkOptions('dlt.pipeline', given)
    const options =
      given.logger === undefined
        ? configuredOptions(given)
        : withLogger(concealingLogger(given.logger), () => configuredOptions(given))
    requirePipelineName(options.pipelineName)
    this.#place = new PipelineWorkplace(options)
    this.pipelineName = options.pipelineName
    this.workingDir = this.#place.directory
    this.#secret = options.pipelineSecret ?? randomBytes(16).toString('base64')
  }

  /** Secret for deterministic hashing. */
  get pipelineSecret(): string {
    return this.#secret
  }

  /** Name of the dataset for what is extracted next: as given, as in the state, else the pipeline's name. */
  get datasetName(): string {
    return this.#place.binding.datasetName(this.state)
  }

  /** The state, with everything that is pending. An immutable value, frozen as a whole. */
  get state(): PipelineState {
    return freezeDeeply(this.#place.snapshot().state)
  }

  /** The schemas by name, with everything that is pending. */
  get schemas(): ReadonlyMap<string, Schema> {
    return this.#place.snapshot().schemas
  }

  /** Name of the schema that takes data without a schema of its own; undefined until something was extracted. */
  get defaultSchemaName(): string | undefined {
    return this.state.default_schema_name ?? undefined
  }

  /** The schema that takes data without a schema of its own; undefined until something was extracted. */
  get defaultSchema(): Schema | undefined {
    const { state, schemas } = this.#place.snapshot()
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
    return this.#use().atDestination(options, async (call) => {
      const { session, steps, destination } = call
      const packages = [...(await steps.finishPending(destination))]
      if (!packages.some(isBlocking)) {
        await this.#place.sync(steps, destination)
        await using headStart = steps.headStart(destination)
        await withPipeline(this, session.localValues, () => steps.extract(data, options, destination, headStart))
        packages.push(...(await steps.finishPending(destination, headStart)))
      }
      return call.loadInfo(packages)
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
    if (this.#place.isDevelopment) throw restoresNothing(this.pipelineName)
    return this.#use().atDestination(options, async ({ session, steps, destination }) => {
      refuseWaiting(session)
      return steps.sync(destination)
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
    return planCall(this.#place, options, (destination) => async (steps, session) => {
      await withPipeline(this, session.localValues, () => steps.extract(data, options, destination))
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
    return this.#use().atDestination(options, (call) => alterCall(this.#place, call, change))
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
    return this.#use().atDestination(options, (call) => dropCall(this.#place, call, options))
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
    return this.#use().locked(async (session) => {
      const destination = await this.#place.binding.resolveIfInstalled(session.state)
      await this.#place.begin(session, destination)
      const steps = this.#place.steps(session)
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
    return this.#use().locked(async (session) => {
      this.#place.keep()
      const packages = await this.#place.steps(session).normalize()
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
    return this.#use().locked(async (session) => {
      this.#place.keep()
      this.#place.binding.adopt(options)
      const steps = this.#place.steps(session)
      const firstRun = session.state._local.first_run
      const { destination, packages } = await steps.load(options)
      await this.#place.begin(session, destination)
      return this.#place.call(session, steps, destination, { startedAt, firstRun }).loadInfo(packages)
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
    return this.#use().locked((session) => abortCall(this.#place, session, loadId, options))
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
    return this.#use().locked(async (session) => {
      requirePending(session, loadId)
      return (await this.#place.openCall(session, options, startedAt)).finish()
    })
  }

  /** Packages that wait to be normalized or loaded, in the order in which they are finished. Needs no destination and no lock. */
  async pendingPackages(): Promise<readonly PendingPackage[]> {
    return this.#place.isOurs ? pendingPackages(this.#place.pendingGroups()) : []
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
    else await this.#place.locked((session) => session.storeLocal(new Map([[key, stored]])))
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
      const { state, schemas } = this.#place.snapshot()
      const schema = schemas.get(state.default_schema_name ?? '')
      return this.#place.binding.target(
        await this.#place.binding.resolve(state),
        this.#place.binding.datasetName(state),
        schema,
      )
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
    await this.#place.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  // Code of an extract holds the lock: it must not wait for it.
  get #runningValues(): LocalValues | undefined {
    const { pipeline, localValues } = currentPlace()
    return pipeline === this ? localValues : undefined
  }

  /** What a call works with; this is the active pipeline from then on. */
  #use(): PipelineWorkplace {
    activate(this)
    return this.#place
  }
}
