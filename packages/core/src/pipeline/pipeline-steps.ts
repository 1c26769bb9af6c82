import { availableParallelism } from 'node:os'
import type { Destination } from '@dlt/destination'
import type { Schema } from '@dlt/schema'
import type { ExtractedPackage } from '../extract/extract-info.ts'
import { planSources } from '../extract/plan-sources.ts'
import { checkSchemaContract } from '../hints/check-schema-contract.ts'
import { givenContract } from '../hints/given-contract.ts'
import type { LoadedPackage } from '../load/load-info.ts'
import { HeadStart } from '../normalize/head-start/head-start.ts'
import { longestIdentifier } from '../normalize/longest-identifier.ts'
import type { NormalizedPackageInfo } from '../normalize/normalize-info.ts'
import type { RefreshMode } from '../packages/source-refresh.ts'
import { checkRefresh } from '../refresh/check-refresh.ts'
import type { DropPlan } from '../refresh/plan-drop.ts'
import { forgottenStates, refreshSource } from '../refresh/refresh-source.ts'
import type { StepTiming } from '../runtime/pipeline-step.ts'
import { alterStep } from './alter-step.ts'
import { checkDecimals } from './check-decimals.ts'
import { checkDispositions } from './check-dispositions.ts'
import type { DestinationBinding } from './destination-binding.ts'
import { dropStep } from './drop-step.ts'
import { extractStep } from './extract-step.ts'
import { abortFailed, isBlocking, reportFailures, throwFailure } from './failed-package.ts'
import { loadStep, type TargetOf } from './load-step.ts'
import { loadedAtDestination } from './loaded-at-destination.ts'
import { type NormalizeStepInput, normalizeStep } from './normalize-step.ts'
import { pendingTarget, redirectPending, withoutRedirects } from './pending-target.ts'
import type { PipelineSession } from './pipeline-session.ts'
import type { ExtractOptions, LoadOptions } from './run-options.ts'
import { runStep } from './run-step.ts'
import type { SchemaChange } from './schema-change.ts'
import { configuredNaming, loadingSettings } from './step-settings.ts'
import type { SyncInfo } from './sync-info.ts'
import { syncStep } from './sync-step.ts'

/** Settings of the steps. */
export interface StepOptions {
  /** Whether a state that changed is stored with the data. */
  readonly storesState: boolean
  /** How much begins anew with each extract, unless the call says so itself. Default: nothing. */
  readonly refresh?: RefreshMode
  /** How packages are normalized. */
  readonly normalize: Omit<NormalizeStepInput, 'destination'>
}

/** The steps of one call of a pipeline. Each throws `PipelineStepFailed`. */
export class PipelineSteps {
  /** The steps that ended, in order. */
  readonly timings: StepTiming[] = []
  /** What was extracted, in order. */
  readonly extracted: ExtractedPackage[] = []
  /** What was normalized, in order. */
  readonly normalized: NormalizedPackageInfo[] = []
  readonly #session: PipelineSession
  readonly #binding: DestinationBinding
  readonly #options: StepOptions

  constructor(session: PipelineSession, binding: DestinationBinding, options: StepOptions) {
    this.#session = session
    this.#binding = binding
    this.#options = options
  }

  /** Normalizes and loads what is pending, normalized packages first; nothing more once a package failed. */
  async finishPending(destination: Destination, headStart?: HeadStart): Promise<readonly LoadedPackage[]> {
    const { working } = this.#session
    const resolve = () => Promise.resolve(destination)
    const loaded = working.isEmpty('normalized') ? [] : await this.#load(resolve)
    if (working.isEmpty('extracted') || loaded.some(isBlocking)) return loaded
    await this.#normalize(resolve, headStart)
    return [...loaded, ...(await this.#load(resolve))]
  }

  /**
   * Lets normalize begin while the next extract still runs; nothing where normalize uses no threads, or must keep what contracts discard:
   * that is known when all pages are.
   */
  headStart({ capabilities }: Destination): HeadStart | undefined {
    const { workers: threads = availableParallelism(), quarantines = false } = this.#options.normalize
    if (threads === 0 || quarantines) return undefined
    return new HeadStart({ stage: this.#session.working.stage('normalizing'), capabilities, threads })
  }

  /** Takes state and schemas from the destination where they are newer there. */
  sync(destination: Destination): Promise<SyncInfo> {
    const session = this.#session
    const binding = this.#binding
    return runStep(session, 'sync', this.timings, () => {
      const { state, schemas, defaultSchema } = session
      const dataset = binding.datasetName(state)
      return syncStep(session, {
        main: binding.target(destination, dataset, defaultSchema),
        otherNames: () => (defaultSchema === undefined ? binding.namedTargets(destination, dataset) : []),
        targetOf: (schemaName, defaultSchemaName) => {
          const place = { schemaName, schema: schemas.get(schemaName), dataset, defaultSchema, defaultSchemaName }
          return binding.targetOf(destination, place)
        },
      })
    })
  }

  /** Reads data into load packages. */
  async extract(
    data: unknown,
    options: ExtractOptions,
    destination: Destination | undefined,
    headStart?: HeadStart,
  ): Promise<readonly ExtractedPackage[]> {
    const session = this.#session
    const packages = await runStep(session, 'extract', this.timings, async () => {
      const { state, schemas, pipelineName } = session
      const { quarantines } = this.#options.normalize
      const { schema, schemaContract: contract, refresh = this.#options.refresh, ...hints } = options
      checkRefresh(refresh, 'The run')
      checkSchemaContract(contract, 'The run')
      const schemaContract = givenContract(contract)
      const schemaFile = schemasOfFiles(session)
      const defaultSchema = schemaFile(state.default_schema_name ?? '') ?? session.defaultSchema
      const planned = await planSources(data, hints, {
        pipelineName,
        schemas,
        schemaFile,
        namingOf: (name) => configuredNaming(name, { pipelineName }),
        ...(state.sources !== undefined && {
          sourceStates: refresh === 'drop_sources' ? forgottenStates(state.sources) : state.sources,
        }),
        ...(defaultSchema !== undefined && { defaultSchema }),
        ...(schema !== undefined && { schema }),
        ...(schemaContract !== undefined && { schemaContract }),
      })
      const sources =
        refresh === undefined ? planned : planned.map((one) => refreshSource(one, schemas.get(one.name), refresh))
      if (destination !== undefined) {
        checkDecimals(sources, destination)
        checkDispositions(sources, schemas, destination)
      }
      return extractStep(session, {
        sources,
        properties: this.#binding.properties(state, destination),
        storesState: this.#options.storesState,
        ...(headStart !== undefined && { headStart }),
        ...(quarantines !== undefined && { quarantines }),
        ...(destination !== undefined && {
          destination,
          maxIdentifierLength: longestIdentifier(destination.capabilities),
        }),
      })
    })
    this.extracted.push(...packages)
    return packages
  }

  /** Makes a load package of a change of a schema. */
  async alter(change: SchemaChange, destination: Destination): Promise<void> {
    const session = this.#session
    const packages = await runStep(session, 'extract', this.timings, () =>
      alterStep(session, {
        change,
        destination,
        properties: this.#binding.properties(session.state, destination),
        sharesDataset: this.#binding.usesSingleDataset,
      }),
    )
    this.extracted.push(...packages)
  }

  /** Makes a load package of a drop. */
  async drop(plan: DropPlan, destination: Destination): Promise<void> {
    const session = this.#session
    const properties = this.#binding.properties(session.state, destination)
    const packages = await runStep(session, 'extract', this.timings, () =>
      dropStep(session, { plan, properties, destination }),
    )
    this.extracted.push(...packages)
  }

  /** Normalizes extracted packages for the pipeline's destination. */
  async normalize(): Promise<readonly NormalizedPackageInfo[]> {
    return this.#normalize(() => this.#binding.resolve(this.#session.state))
  }

  /**
   * Loads normalized packages, each into the dataset that it was extracted for.
   * @param options a dataset or destination that is given here is where all of them go instead
   */
  async load(options: LoadOptions): Promise<{
    readonly destination: Destination
    readonly packages: readonly LoadedPackage[]
  }> {
    const packages = await this.#load(() => this.#binding.resolve(this.#session.state), options)
    return { destination: await this.#binding.resolve(this.#session.state), packages }
  }

  async #normalize(
    resolve: () => Promise<Destination>,
    headStart?: HeadStart,
  ): Promise<readonly NormalizedPackageInfo[]> {
    const { normalize } = this.#options
    const packages = await runStep(this.#session, 'normalize', this.timings, async (atPackage) => {
      // Ends with the step: what the threads use is needed by the load.
      await using started = headStart
      const destination = await resolve()
      const input = { destination, ...normalize, ...(started !== undefined && { headStart: started }) }
      return await normalizeStep(this.#session, input, atPackage)
    })
    this.normalized.push(...packages)
    return packages
  }

  #load(resolve: () => Promise<Destination>, given: LoadOptions = {}): Promise<readonly LoadedPackage[]> {
    const session = this.#session
    return runStep(session, 'load', this.timings, async (atPackage) => {
      const destination = await resolve()
      const { dataset_name, ...where } = this.#binding.properties(session.state, destination)
      const to = {
        ...(given.datasetName !== undefined && { dataset_name }),
        ...(given.destination !== undefined && { destination_name: destination.name }),
      }
      if (Object.keys(to).length > 0) await redirectPending(session, this.#binding, destination, to)
      const targetOf: TargetOf = (group, stored) => pendingTarget(session, this.#binding, destination, group, stored)
      const { abortsFailedPackages, raisesOnFailedJobs } = loadingSettings({ pipelineName: session.pipelineName })
      const tried = await loadStep(session, targetOf, atPackage)
      if (tried.length === 0) return tried
      const packages = abortsFailedPackages
        ? await abortFailed(session, tried, (group) => loadedAtDestination(group, (stored) => targetOf(group, stored)))
        : tried
      reportFailures(session, packages)
      // Where data went holds for the next process too; until the next extract, only this directory knows.
      const state = { ...withoutRedirects(session), ...where, ...(given.datasetName !== undefined && { dataset_name }) }
      await session.store({ state, schemas: session.schemas })
      if (raisesOnFailedJobs) throwFailure(packages)
      return packages
    })
  }
}

/** Each file is read once in an extract: what changes meanwhile holds for the next one. */
function schemasOfFiles({ schemaFiles, schemas }: PipelineSession): (name: string) => Schema | undefined {
  const read = new Map<string, Schema | undefined>()
  return (name) => {
    if (name !== '' && !read.has(name)) read.set(name, schemaFiles.imported(name, schemas.get(name)))
    return read.get(name)
  }
}
