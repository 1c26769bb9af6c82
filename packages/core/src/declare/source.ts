import type { Schema } from '@dlt/schema'
import { iterateSource } from '../extract/iterate-source.ts'
import type { LoadInfo } from '../load/load-info.ts'
import type { RunOptions } from '../pipeline/run-options.ts'
import { SourceStateDraft } from '../state/source-state-draft.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { activeState } from './active-state.ts'
import { schemaOfResources } from './compute-table-schema.ts'
import type { Bound } from './declared-types.ts'
import { defaultPipeline } from './default-pipeline.ts'
import type { ResourceLimit } from './limit-step.ts'
import { openSource, type SourceDefinition } from './open-source.ts'
import type { Resource } from './resource.ts'
import { requireResourceNames } from './resource-names.ts'
import { type CloneOptions, clonedOptions, sourceSchema } from './source-options.ts'
import { requireResource } from './source-resources.ts'

const brand = Symbol.for('@dlt/source')

/** Resources by name. */
export interface SourceResources {
  readonly [name: string]: Resource
}

/** A change of a source's resources, made after its function ran. */
type Change = (resources: readonly Resource[]) => readonly Resource[]

/**
 * Resources that belong together: one schema, one state, one configuration. An immutable value, made by calling what `dlt.source`
 * returns; every method returns a new one. Its function runs when a pipeline extracts it, when it is iterated, and when somebody
 * asks for its resources.
 */
export class Source<Resources extends SourceResources = SourceResources> implements AsyncIterable<unknown> {
  readonly #definition: SourceDefinition

  constructor(definition: SourceDefinition) {
    this.#definition = definition
    Object.defineProperty(this, brand, { value: true })
    Object.freeze(this)
  }

  /** Name of the source. */
  get name(): string {
    return this.#definition.options.name
  }

  /** How the source is made. */
  get definition(): SourceDefinition {
    return this.#definition
  }

  /**
   * State of the source in the active pipeline: the one that runs, else the one that was made last. A frozen copy of what is stored,
   * but in functions of the source and its resources, where it is the draft that is stored with the data.
   *
   * @throws DltError `CONFIGURATION` where no pipeline was made
   */
  get state(): StateDraft {
    const owner = { subject: `The state of the source "${this.name}"`, source: this.#schemaName }
    return activeState(owner, (state) => state.source())
  }

  /** Whether a value is a source, from whichever copy of the package. */
  static is(value: unknown): value is Source {
    return typeof value === 'object' && value !== null && brand in value
  }

  /**
   * Loads these resources and no others; what feeds their transformers is read as well.
   *
   * ```ts
   * await pipeline.run(github().withResources('issues', 'pulls'))
   * ```
   *
   * @throws DltError `CONFIGURATION`, when the source is read, for a name that none of its resources has
   */
  withResources<Name extends keyof Resources & string>(...names: readonly [Name, ...Name[]]): Source<Resources> {
    return this.#with((resources) => {
      requireResourceNames(names, resources, this.name)
      return resources.map((resource) => resource.select(names.some((name) => name === resource.name)))
    })
  }

  /**
   * Changes one resource. Transformers over it get the items of the changed one.
   *
   * ```ts
   * github().mapResource('issues', (issues) => issues.applyHints({ writeDisposition: 'replace' }))
   * ```
   *
   * @throws DltError `CONFIGURATION`, when the source is read, for a name that none of its resources has
   */
  mapResource<Name extends keyof Resources & string, Next extends Resource>(
    name: Name,
    change: (resource: Resources[Name]) => Next,
  ): Source<{ readonly [Key in keyof Resources]: Key extends Name ? Next : Resources[Key] }> {
    return this.#with((resources) => {
      requireResourceNames([name], resources, this.name)
      // Names and types of resources belong together: both follow from the same declaration.
      return resources.map((each) => (each.name === name ? change(each as Resources[Name]) : each))
    })
  }

  /**
   * Adds a resource, for instance a transformer over one of the source. It belongs to the schema, the state and the runs of the source.
   *
   * ```ts
   * github().addResource(({ issues }) => issues.pipe(comments))
   * ```
   *
   * @param make gets the resources of the source by name
   * @throws DltError `CONFIGURATION`, when the source is read, for a name that one of its resources has, and for anything but a resource
   */
  addResource<Next extends Resource>(
    make: (resources: Resources) => Next & Bound<Next>,
  ): Source<Resources & { readonly [Name in Next['name']]: Next }> {
    return this.#with((resources) => [...resources, requireResource(make(this.#byName(resources)), this.name)])
  }

  /** Ends all resources early, see `resource.addLimit`. Transformers have no limit of their own: they get fewer items. */
  addLimit(limit: number | ResourceLimit | null): Source<Resources> {
    return this.#with((resources) => {
      return resources.map((each) => (each.content.kind === 'transformer' ? each : each.addLimit(limit)))
    })
  }

  /** Reads all resources at the same time. */
  parallelize(): Source<Resources> {
    return this.#with((resources) => resources.map((each) => each.parallelize()))
  }

  /**
   * The source under another name, or with other settings: with a schema, a state and a configuration of its own.
   * @throws DltError as `dlt.source`
   */
  clone(change: CloneOptions): Source<Resources> {
    return new Source({ ...this.#definition, options: clonedOptions(this.#definition.options, change) })
  }

  /**
   * The resources by name. Runs the function of the source; its state is empty and is thrown away.
   * @throws ConfigFieldMissing where a required argument is neither given nor configured, and whatever the function throws
   */
  async resources(): Promise<Resources> {
    const { resources } = await this.#open()
    return this.#byName(resources)
  }

  /** The schema with the tables that hints describe; no data is read, and hints that are functions are left out. Errors as {@link resources}. */
  async discoverSchema(): Promise<Schema> {
    const { resources, schema } = await this.#open()
    return schemaOfResources(resources, schema)
  }

  /**
   * Runs the source on the pipeline that was made last, or the default one.
   * @throws what `pipeline.run` throws
   */
  async run(options: RunOptions = {}): Promise<LoadInfo> {
    return defaultPipeline().run(this, options)
  }

  /** The items of all selected resources, without a pipeline: the state is empty and is thrown away. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    return iterateSource(this.#definition)
  }

  #byName(resources: readonly Resource[]): Resources {
    // What the function returns is checked where it is declared.
    return Object.fromEntries(resources.map((each) => [each.name, each.ofSource(this.#schemaName)])) as {
      readonly [name: string]: Resource
    } as Resources
  }

  get #schemaName(): string {
    return sourceSchema(this.#definition.options).name
  }

  #open(): Promise<{ readonly resources: readonly Resource[]; readonly schema: Schema }> {
    return openSource(this.#definition, { stateOf: () => new SourceStateDraft(this.name) })
  }

  #with<Next extends SourceResources>(change: Change): Source<Next> {
    const { changes } = this.#definition
    return new Source({ ...this.#definition, changes: [...changes, change] })
  }
}
