import { DltError } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import type { TransformerContent } from '../declare/resource-content.ts'
import type { ResourceRun } from '../declare/resource-run.ts'
import { buildChain } from './build-chain.ts'
import { ConcurrentStep } from './concurrent-step.ts'
import { Delivery, type DeliveryTarget } from './delivery.ts'
import type { TakeValue } from './item-pump.ts'
import { Junction } from './junction.ts'
import { PipeExit } from './pipe-exit.ts'
import { PipeFlow } from './pipe-flow.ts'
import type { PipeReceiver, PipeSink } from './pipe-receiver.ts'
import type { PipeRun } from './pipe-run.ts'
import { ResourceReader } from './resource-reader.ts'
import { TransformCall } from './transform-call.ts'
import { TransformerStep } from './transformer-step.ts'

/** A resource and what it is read with. */
export interface PipeInput {
  readonly resource: Resource
  readonly run: ResourceRun
  /** Where the items end. Absent for a resource that only feeds transformers. */
  readonly sink?: PipeSink
}

/** Connects resources with the transformers over them, which find their parents by name; what reads those with data of their own. */
export function connectPipes(
  inputs: readonly PipeInput[],
  maxParallel: number,
  pipes: PipeRun,
): readonly ResourceReader[] {
  const connector = new PipeConnector(inputs, maxParallel, pipes)
  return inputs
    .filter(({ resource }) => resource.content.kind !== 'transformer')
    .map((input) => connector.reader(input))
}

class PipeConnector {
  readonly #children = new Map<string, PipeInput[]>()
  readonly #heads = new Map<string, PipeReceiver>()
  readonly #maxParallel: number
  readonly #pipes: PipeRun

  constructor(inputs: readonly PipeInput[], maxParallel: number, pipes: PipeRun) {
    this.#maxParallel = maxParallel
    this.#pipes = pipes
    for (const { resource } of inputs) this.#children.set(resource.name, [])
    for (const input of inputs) {
      for (const parent of parentNames(input.resource)) this.#childrenOf(parent, input.resource).push(input)
    }
  }

  reader(input: PipeInput): ResourceReader {
    const { resource, run, sink } = input
    const target = this.#target(input)
    const { content } = resource
    const isPassedOn = resource.steps.length > 0 || this.#children.get(resource.name)?.length !== 0
    const takeText =
      content.kind === 'json_lines' && !isPassedOn && sink?.takeText !== undefined
        ? () => sink.takeText?.(content.lines) ?? Promise.resolve()
        : undefined
    const { take, receiver } = this.#entry(resource, target)
    return new ResourceReader({ ...target, receiver, resource, run, take, takeText, pipes: this.#pipes })
  }

  #childrenOf(parent: string, { name }: Resource): PipeInput[] {
    const children = this.#children.get(parent)
    if (children !== undefined) return children
    throw new DltError(
      `The transformer "${name}" takes items of "${parent}", which is not read. Add the resource "${parent}" to the source.`,
      { code: 'CONFIGURATION', context: { resource: name } },
    )
  }

  // What a parallelized generator yields is worked on ahead: the promises of the next values wait beside that of this one.
  #entry(resource: Resource, target: DeliveryTarget): { readonly take: TakeValue; readonly receiver: PipeReceiver } {
    if (resource.options.parallelized !== true) {
      const delivery = new Delivery(target, true)
      return { take: (value) => delivery.deliver(value), receiver: target.receiver }
    }
    const failure = (error: unknown): unknown => this.#pipes.errors.ofData(resource, error, target.flow)
    const ahead = new ConcurrentStep(
      { concurrency: this.#maxParallel, ordered: true, data: (value) => value, failure },
      target,
      this.#pipes,
    )
    return { take: (value) => (ahead.add(value) ? ahead.drain() : undefined), receiver: ahead }
  }

  #target({ resource, run, sink }: PipeInput): DeliveryTarget {
    const { errors, open } = this.#pipes
    const flow = new PipeFlow()
    this.#pipes.onStop(() => {
      flow.isClosed = true
    })
    const branches = (this.#children.get(resource.name) ?? []).map((child) => this.#head(child))
    const exit = new PipeExit({ resource, flow, errors, sink, branches })
    const end = { receiver: exit, exit, flow, inContext: run.inContext, open }
    return { ...end, receiver: buildChain({ ...end, resource, errors }, run) }
  }

  // One for all parents: each of them leads to the same transformer.
  #head(child: PipeInput): PipeReceiver {
    const { name, content } = child.resource
    const known = this.#heads.get(name)
    if (known !== undefined) return known
    if (content.kind !== 'transformer') throw new TypeError(`"${name}" is no transformer.`)
    const head = this.#transformer(child, content)
    const parents = new Set(parentNames(child.resource)).size
    const entry = parents > 1 ? new Junction(head, parents) : head
    this.#heads.set(name, entry)
    return entry
  }

  #transformer(child: PipeInput, content: TransformerContent): PipeReceiver {
    const { resource, run } = child
    const target = this.#target(child)
    const { errors, limiter } = this.#pipes
    const call = new TransformCall({ resource, content, run, errors, limiter })
    if (content.concurrency === 1) return new TransformerStep(call, target)
    const { concurrency, ordered } = content
    return new ConcurrentStep(
      {
        concurrency,
        ordered,
        data: (item) => call.data(item),
        failure: (error, place) => call.failure(error, place),
      },
      target,
      this.#pipes,
    )
  }
}

function parentNames({ content }: Resource): readonly string[] {
  return content.kind === 'transformer' ? [...new Set(content.parents.map(({ name }) => name))] : []
}
