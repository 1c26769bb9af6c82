import { DltError, refuseUnknownOptions, type TableSchema } from '@dlt/schema'
import { iterateResource } from '../extract/iterate-resource.ts'
import { checkResourceOptions, tableHintNames } from '../hints/check-resource-options.ts'
import { mergeHints } from '../hints/merge-hints.ts'
import type { ResourceOptions, TableHints } from '../hints/resource-options.ts'
import { isStandardSchema, validateStep } from '../hints/schema-columns.ts'
import type { IncrementalOptions } from '../incremental/untyped-options.ts'
import { type PipeStep, requireStepFunction, withoutSteps, withStep } from '../items/pipe-step.ts'
import type { StateDraft } from '../state/state-draft.ts'
import { activeState } from './active-state.ts'
import { tableOfResource } from './compute-table-schema.ts'
import type { Bound } from './declared-types.ts'
import { limitStep, type ResourceLimit } from './limit-step.ts'
import type { ResourceContent } from './resource-content.ts'
import type { ItemOf, ResourceData } from './resource-data.ts'

const brand = Symbol.for('@dlt/resource')

/** Where a step is put. */
export interface StepPosition {
  /**
   * Index among the steps of the resource; 0 is right after its data. Default: the end, but before a check by a schema, a cursor
   * and a limit.
   */
  readonly insertAt?: number
}

/** Hints that are added to a resource. */
export interface ResourceHints<Item = unknown> extends TableHints<Item> {
  /** Loads only what is new from now on. */
  readonly incremental?: IncrementalOptions
}

/**
 * Data with a name and with hints for its table: an immutable value, made by `dlt.resource`, `dlt.transformer` or `dlt.jsonLines`
 * and given to `run` or `extract`, alone, in a list or in a source. Every method returns a new resource. It can be iterated
 * without a pipeline; pages come out item by item.
 *
 * `Input` is what a transformer takes that is not bound to a resource yet; `never` for all others.
 */
export class Resource<Item = unknown, Name extends string = string, Input = never> implements AsyncIterable<Item> {
  /** The options that the resource was made with, and what was changed since. */
  readonly options: ResourceOptions<unknown, Name>
  /** Where the items come from. */
  readonly content: ResourceContent
  /** What happens to items on their way, in order. */
  readonly steps: readonly PipeStep[]
  /** Name of the schema of the source that it was taken from by `source.resources()`; its state belongs to that source. */
  readonly sourceName?: string
  /** For types only: what a transformer takes. Never set. */
  declare readonly input?: (item: Input) => void

  constructor(
    options: ResourceOptions<unknown, Name>,
    content: ResourceContent,
    steps?: readonly PipeStep[],
    sourceName?: string,
  ) {
    checkResourceOptions(options)
    this.options = Object.freeze({ ...options })
    this.content = content
    this.steps = Object.freeze([...(steps ?? declaredSteps(options))])
    if (sourceName !== undefined) this.sourceName = sourceName
    Object.defineProperty(this, brand, { value: true })
    Object.freeze(this)
  }

  /** Name of the resource. */
  get name(): Name {
    return this.options.name
  }

  /** Whether items are loaded, and not only given to transformers. */
  get selected(): boolean {
    return this.options.selected ?? true
  }

  /** Whether this is a transformer that is not bound to a resource: it cannot be read. */
  get isUnbound(): boolean {
    return this.content.kind === 'transformer' && this.content.parents.length === 0
  }

  /**
   * State of the resource in the active pipeline: the one that runs, else the one that was made last. A frozen copy of what is
   * stored, but in functions of its source, where it is the draft that is stored with the data. A resource of a source is found in it
   * where `source.resources()` gave it; any other belongs to the pipeline's default schema.
   *
   * @throws DltError `CONFIGURATION` where no pipeline was made
   */
  get state(): StateDraft {
    const source = this.sourceName ?? this.options.schema?.name
    const owner = { subject: `The state of the resource "${this.name}"`, ...(source !== undefined && { source }) }
    return activeState(owner, (state) => state.resource(this.name))
  }

  /** Whether a value is a resource, from whichever copy of the package. */
  static is(value: unknown): value is Resource {
    return typeof value === 'object' && value !== null && brand in value
  }

  /**
   * Changes each item. The function may be asynchronous; the order of items is kept. `undefined` and `null` drop the item.
   *
   * ```ts
   * issues.addMap((issue) => ({ ...issue, body: issue.body.slice(0, 100) }))
   * ```
   */
  addMap<Next>(
    change: (item: Item) => Next,
    position: StepPosition = {},
  ): Resource<NonNullable<Awaited<Next>>, Name, Input> {
    return this.#withStep({ kind: 'map', apply: change }, position)
  }

  /** Lets an item pass when the function says so; it may be asynchronous. A type guard narrows the items that go on. */
  addFilter<Next extends Item>(keep: (item: Item) => item is Next, position?: StepPosition): Resource<Next, Name, Input>
  addFilter(keep: (item: Item) => unknown, position?: StepPosition): Resource<Item, Name, Input>
  addFilter(keep: (item: Item) => unknown, position: StepPosition = {}): Resource<Item, Name, Input> {
    return this.#withStep({ kind: 'filter', keep }, position)
  }

  /** Gives any number of items for each one: a list, an iterable or a generator, also asynchronous. */
  addYieldMap<Data extends ResourceData>(
    expand: (item: Item) => Data,
    position: StepPosition = {},
  ): Resource<ItemOf<Data>, Name, Input> {
    return this.#withStep({ kind: 'yield_map', expand }, position)
  }

  /** Looks at each item and counts something in `metrics`, which the result of the extract shows. Items pass unchanged. */
  addMetrics(
    observe: (item: Item, metrics: Record<string, unknown>) => void,
    position: StepPosition = {},
  ): Resource<Item, Name, Input> {
    return this.#withStep({ kind: 'metrics', observe }, position)
  }

  /**
   * Ends the resource early; another limit is replaced. A number counts what the data yields: pages, or items where it yields those
   * one by one. 0 gives nothing; `null` takes the limit away, and so do no options.
   *
   * @throws DltError `CONFIGURATION` for a number that is none, and for a transformer: limit the resource that feeds it
   */
  addLimit(
    this: Resource<Item, Name, Input> & Bound<Resource<Item, Name, Input>>,
    limit: number | ResourceLimit | null,
  ): Resource<Item, Name, Input> {
    const step = limitStep(limit, this)
    const others = withoutSteps(this.steps, 'limit')
    return this.#with({ steps: step === undefined ? others : withStep(others, step) })
  }

  /**
   * The resource with other hints; columns and references join those that are there, the others replace them.
   * An empty list of columns or keys takes them away. A schema as `columns` also checks the items from now on.
   *
   * @throws DltError as `dlt.resource`
   */
  applyHints(hints: ResourceHints<Item>): Resource<Item, Name, Input> {
    refuseUnknownOptions(`applyHints of "${this.name}"`, hints, [...tableHintNames, 'incremental'])
    const { incremental, ...tableHints } = hints
    const options = {
      ...mergeHints(this.options, tableHints),
      ...(incremental !== undefined && { incremental }),
    }
    let steps = this.steps
    for (const step of declaredSteps(hints)) {
      const index = steps.findIndex(({ kind }) => kind === step.kind)
      steps = index < 0 ? withStep(steps, step) : steps.with(index, step)
    }
    return this.#with({ options, steps })
  }

  /** The resource under another name, with a table and a state of its own (unless `tableName` says where items go). */
  withName<NewName extends string>(name: NewName): Resource<Item, NewName, Input> {
    return new Resource<Item, NewName, Input>({ ...this.options, name }, this.content, this.steps, this.sourceName)
  }

  /** The resource as one of a source, to which its state belongs. */
  ofSource(sourceName: string): Resource<Item, Name, Input> {
    return new Resource(this.options, this.content, this.steps, sourceName)
  }

  /** The resource, loaded or only read for its transformers. */
  select(selected = true): Resource<Item, Name, Input> {
    return this.#with({ options: { ...this.options, selected } })
  }

  /** The resource with promises that its generator yields worked on ahead, in their order. */
  parallelize(): Resource<Item, Name, Input> {
    return this.#with({ options: { ...this.options, parallelized: true } })
  }

  /**
   * Binds a transformer: it gets every item of this resource. A resource is read once, however many transformers it feeds.
   *
   * ```ts
   * const details = users.pipe(userDetails)
   * ```
   *
   * @throws DltError `CONFIGURATION` when what is given is no transformer
   */
  pipe<Next, NextName extends string>(transformer: Resource<Next, NextName, Item>): Resource<Next, NextName> {
    return bindTransformer(transformer, [this])
  }

  /**
   * The table that the hints describe, without any data: names normalized, as it joins a schema.
   *
   * @param item needed where hints are functions of the item
   * @throws DltError `CONFIGURATION` where an item is needed and none is given
   */
  computeTableSchema(item?: Item): TableSchema {
    return tableOfResource(this, item)
  }

  /**
   * Reads the items, without a pipeline: state starts empty and is thrown away. Errors of the data are passed on as they are.
   * @throws DltError `DATA` when an iterator or stream was read before, and for a line that is not JSON
   */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    // What the items are follows from the type of the data, which the resource does not keep.
    return iterateResource(this) as AsyncGenerator<Item, void, undefined>
  }

  #withStep<Next>(step: PipeStep, position: StepPosition): Resource<Next, Name, Input> {
    requireStepFunction(step, `Resource "${this.name}"`)
    refuseUnknownOptions(`A step of "${this.name}"`, position, ['insertAt'])
    return new Resource(this.options, this.content, withStep(this.steps, step, position.insertAt), this.sourceName)
  }

  #with({
    options = this.options,
    steps = this.steps,
  }: {
    readonly options?: ResourceOptions<unknown, Name>
    readonly steps?: readonly PipeStep[]
  }): Resource<Item, Name, Input> {
    return new Resource(options, this.content, steps, this.sourceName)
  }
}

/**
 * A transformer with the resources that feed it.
 * @throws DltError `CONFIGURATION` when it is no transformer
 */
export function bindTransformer<Next, Name extends string, Input>(
  transformer: Resource<Next, Name, Input>,
  parents: readonly Resource[],
): Resource<Next, Name> {
  // A transformer with arguments that was not called, or a mere function.
  if (!Resource.is(transformer)) throw notCalled(transformer)
  const { options, content, steps, sourceName } = transformer
  if (content.kind !== 'transformer') {
    throw new DltError(
      `Resource "${options.name}" is no transformer: nothing can be piped into it. Make it with dlt.transformer.`,
      { code: 'CONFIGURATION', context: { resource: options.name } },
    )
  }
  return new Resource(options, { ...content, parents: Object.freeze([...parents]) }, steps, sourceName)
}

function notCalled(transformer: unknown): DltError {
  const name: unknown = Reflect.get(Object(transformer), 'name')
  const called = typeof name === 'string' && name !== '' ? `"${name}"` : 'What is piped'
  return new DltError(
    `${called} is no transformer. Make it with dlt.transformer; one that is declared with arguments must be called: parent.pipe(details()).`,
    { code: 'CONFIGURATION' },
  )
}

/** The steps that follow from options: a check of items where columns are declared by a schema, and a cursor. */
function declaredSteps({ columns, incremental }: ResourceHints): readonly PipeStep[] {
  return [
    ...(isStandardSchema(columns) ? [validateStep(columns)] : []),
    ...(incremental === undefined ? [] : [{ kind: 'incremental', options: incremental } as const]),
  ]
}
