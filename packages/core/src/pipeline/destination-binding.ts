import { type Destination, type DestinationContext, MissingPackageError, normalizeDatasetName } from '@dlt/destination'
import {
  DltError,
  type NamingConvention,
  namingConvention,
  namingConventionNames,
  type Schema,
  schemaNaming,
} from '@dlt/schema'
import { scriptFolder } from '../destinations/executing-script.ts'
import { LazyDestination } from '../destinations/lazy-destination.ts'
import { destinationOfType, namedDestination } from '../destinations/named-destination.ts'
import { officialPackages } from '../destinations/official-packages.ts'
import type { PipelineTarget } from '../destinations/pipeline-target.ts'
import { type DestinationInput, resolveDestination } from '../destinations/resolve-destination.ts'
import type { PipelineState } from '../state/pipeline-state.ts'
import { DatasetLayout, type DatasetLayoutOptions } from './dataset-layout.ts'
import type { LoadOptions } from './run-options.ts'
import { loadingSettings } from './step-settings.ts'

/** What a binding is made of. */
export interface BindingOptions extends LoadOptions, DatasetLayoutOptions {
  readonly pipelineName: string
  /** Added to the name of the dataset, in development mode. */
  readonly suffix: string
}

/** What decides where the tables of a schema go, beside the layout. */
export interface SchemaPlace {
  readonly schemaName: string
  /** The schema, where it is known: the name of a dataset of its own passes through its naming convention. */
  readonly schema: Schema | undefined
  /** The pipeline's dataset, as the user knows it. */
  readonly dataset: string
  /** The default schema, where it is known. */
  readonly defaultSchema: Schema | undefined
  /** Name of the default schema; absent as long as there is none. */
  readonly defaultSchemaName: string | null | undefined
}

interface ResolvedDestination {
  /** What it was resolved from. */
  readonly key: unknown
  /** With the type that is configured for a name. */
  readonly input: DestinationInput
  readonly destination: Destination
}

/** Where a pipeline's data goes: what was given to the pipeline and its steps, else what its state says. */
export class DestinationBinding {
  readonly #pipelineName: string
  readonly #suffix: string
  readonly #layout: DatasetLayout
  readonly #options: BindingOptions
  #input: DestinationInput | undefined
  #datasetName: string | undefined
  #credentials: unknown
  #resolved: ResolvedDestination | undefined

  /** @throws DltError `CONFIGURATION` for a layout of dataset names that has no place for the name */
  constructor(options: BindingOptions) {
    const { pipelineName, suffix, destination, datasetName, credentials } = options
    this.#pipelineName = pipelineName
    this.#suffix = suffix
    this.#layout = new DatasetLayout(options)
    this.#options = options
    this.#input = destination
    this.#datasetName = datasetName
    this.#credentials = credentials
  }

  /** Whether all schemas of the pipeline go into one dataset. */
  get usesSingleDataset(): boolean {
    return this.#layout.usesSingleDataset
  }

  /** The destination that was used last. */
  get latest(): Destination | undefined {
    return this.#resolved?.destination
  }

  /** The same binding for one call: what is given to it holds for nothing else. */
  copyFor(given: LoadOptions): DestinationBinding {
    const copy = new DestinationBinding(this.#options)
    copy.#input = this.#input
    copy.#datasetName = this.#datasetName
    copy.#credentials = this.#credentials
    copy.#resolved = this.#resolved
    copy.adopt(given)
    return copy
  }

  /** Takes what was given to a step; it holds from then on. */
  adopt({ destination, datasetName, credentials }: LoadOptions): void {
    this.#input = destination ?? this.#input
    this.#datasetName = datasetName ?? this.#datasetName
    this.#credentials = credentials ?? this.#credentials
  }

  /** Name of the dataset: as given, as in the state, else the pipeline's name. The layout is part of what the state holds. */
  datasetName(state: PipelineState): string {
    const isKnown = this.#datasetName === undefined && this.#suffix === ''
    if (isKnown && typeof state.dataset_name === 'string') return state.dataset_name
    return this.#layout.applyTo(`${this.#datasetName ?? this.#pipelineName}${this.#suffix}`)
  }

  /**
   * The destination, its package loaded.
   * @throws MissingPackageError, DltError `CONFIGURATION`
   */
  async resolve(state: PipelineState): Promise<Destination> {
    const { destination_type: type, destination_name: name } = state
    const key = this.#input ?? (typeof type === 'string' ? `${type} ${name ?? ''}` : undefined)
    if (this.#resolved !== undefined && this.#resolved.key === key) return this.#resolved.destination
    const given = this.#input ?? (typeof type === 'string' ? destinationOfType(type, name ?? undefined) : undefined)
    const input = given === undefined ? undefined : await namedDestination(given)
    const destination = await resolveDestination(input, { from: scriptFolder(), pipelineName: this.#pipelineName })
    if (input !== undefined) this.#resolved = { key, input, destination }
    return destination
  }

  /** The destination where one is given and its package is installed: steps that can do without it go on without it. */
  async resolveIfInstalled(state: PipelineState): Promise<Destination | undefined> {
    if (this.#input === undefined && typeof state.destination_type !== 'string') return undefined
    try {
      return await this.resolve(state)
    } catch (error) {
      if (error instanceof MissingPackageError) return undefined
      throw error
    }
  }

  /**
   * Where the tables of a schema go: with a dataset for each schema, all but the default schema have one of their own.
   * @throws DltError with a remedy
   */
  targetOf(
    destination: Destination,
    { schemaName, schema, dataset, defaultSchema, defaultSchemaName }: SchemaPlace,
  ): PipelineTarget {
    const own = this.#layout.datasetOf(schemaName, dataset, defaultSchemaName)
    return this.target(destination, own, own === dataset ? defaultSchema : schema)
  }

  /**
   * What a destination is told about the pipeline, checked as far as that goes without connecting.
   * @param datasetName as the user knows it
   * @param schema the default schema, whose naming convention the dataset's name passes through
   * @throws DltError with a remedy
   */
  target(destination: Destination, datasetName: string, schema: Schema | undefined): PipelineTarget {
    const { identifiers } = destination.capabilities
    return this.#checked(destination, datasetName, schema && schemaNaming(schema, identifiers))
  }

  /**
   * Where else a dataset may be as long as no schema says by which convention it is named: one target for each other name that it can
   * have. Names that a convention or the destination refuses are left out.
   */
  namedTargets(destination: Destination, datasetName: string): readonly PipelineTarget[] {
    const { identifiers } = destination.capabilities
    const usual = normalizeDatasetName({ datasetName }, identifiers)
    const targets = new Map<string, PipelineTarget>()
    for (const convention of namingConventionNames) {
      try {
        const naming = namingConvention(convention, identifiers)
        const name = normalizeDatasetName({ datasetName, naming }, identifiers)
        if (name !== usual && !targets.has(name)) targets.set(name, this.#checked(destination, datasetName, naming))
      } catch (error) {
        if (!DltError.is(error)) throw error
      }
    }
    return [...targets.values()]
  }

  #checked(destination: Destination, datasetName: string, naming: NamingConvention | undefined): PipelineTarget {
    const { workers } = loadingSettings({ pipelineName: this.#pipelineName })
    const context: DestinationContext = {
      pipelineName: this.#pipelineName,
      datasetName,
      localDirectory: process.cwd(),
      ...(naming !== undefined && { naming }),
      ...(workers !== undefined && { workers }),
      ...(this.#credentials !== undefined && { credentials: this.#credentials }),
    }
    destination.check(context)
    return { destination, context }
  }

  /** What the state says of dataset and destination. */
  properties(state: PipelineState, destination: Destination | undefined): Partial<PipelineState> {
    const input = this.#resolved?.destination === destination ? this.#resolved?.input : this.#input
    const type = stateType(destination, input) ?? state.destination_type ?? null
    const name = destination === undefined || destination.name === destination.type ? null : destination.name
    return { dataset_name: this.datasetName(state), destination_type: type, destination_name: name }
  }
}

// Official destinations are called as the reference system calls them, so that it can restore from the state; others so that they
// can be found again.
function stateType(destination: Destination | undefined, input: DestinationInput | undefined): string | undefined {
  const reference = typeof input === 'string' ? input : LazyDestination.is(input) ? input.reference : destination?.type
  if (reference === undefined) return undefined
  return officialPackages.has(reference) ? `dlt.destinations.${reference}` : reference
}
