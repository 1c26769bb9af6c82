import { types } from 'node:util'
import type { Resource } from '../declare/resource.ts'
import type { ResourceRun } from '../declare/resource-run.ts'
import { isAsyncIterable, isPromise } from '../items/item-kinds.ts'
import { parseJsonLines } from '../lines/parse-json-lines.ts'
import { BoundedItems } from './bounded-items.ts'
import type { DeliveryTarget } from './delivery.ts'
import { ItemPump, type TakeValue } from './item-pump.ts'
import { type Items, openData } from './open-data.ts'
import type { PipeRun } from './pipe-run.ts'

/** What a resource with data of its own is read with. */
export interface ReaderPlace extends DeliveryTarget {
  readonly resource: Resource
  readonly run: ResourceRun
  readonly pipes: PipeRun
  /** Takes what the data yields. */
  readonly take: TakeValue
  /** Takes JSON text as it is; absent where items must be looked at. */
  readonly takeText: (() => Promise<void>) | undefined
}

/** Reads the data of one resource into its pipe. */
export class ResourceReader {
  readonly #place: ReaderPlace
  #items: Items | undefined
  #pump: ItemPump | undefined
  #isDone: boolean

  constructor(place: ReaderPlace) {
    this.#place = place
    // A limit of nothing: the data is not even opened.
    this.#isDone = place.flow.isClosed
  }

  /** Whether it is certain, before it is opened, that the data comes asynchronously. */
  get isAsynchronous(): boolean {
    const { content } = this.#place.resource
    if (content.kind !== 'items') return true
    const { data } = content
    if (typeof data === 'function') return types.isAsyncFunction(data)
    return typeof data === 'object' && data !== null && (isPromise(data) || isAsyncIterable(data))
  }

  /** Whether everything was read. */
  get isDone(): boolean {
    return this.#isDone || this.#pump?.isDone === true
  }

  /** Whether the data that was opened comes asynchronously. */
  get hasAsynchronousItems(): boolean {
    return this.#items !== undefined && isAsyncIterable(this.#items)
  }

  /** Begins to read, once; what must be awaited before the first turn, if anything. */
  open(): Promise<void> | undefined {
    try {
      const items = this.#isDone || this.#items !== undefined ? undefined : this.#open()
      if (isPromise(items)) return this.#named(this.#startLater(items))
      if (items !== undefined) this.#start(items)
      return undefined
    } catch (error) {
      throw this.#failure(error)
    }
  }

  /** Reads one value; what must be awaited before the next turn, if anything. */
  turn(): Promise<void> | undefined {
    return this.#read((pump) => pump.run(1))
  }

  /** Reads all that is left; what must be awaited, if anything. */
  readRest(): Promise<void> | undefined {
    return this.#read((pump) => pump.toEnd(this.#place.pipes.open))
  }

  /** Hands the end on, and waits until everything has arrived. */
  async finish(): Promise<void> {
    const { pipes, inContext, receiver } = this.#place
    if (this.#pump !== undefined) pipes.open.delete(this.#pump)
    if (pipes.isStopped) return
    await this.#named(inContext(() => receiver.finish()))
  }

  /** Reads everything. */
  async readAll(): Promise<void> {
    const { takeText, inContext } = this.#place
    await (takeText === undefined || this.#isDone ? inContext(() => this.#readItems()) : this.#named(takeText()))
    await this.finish()
  }

  async #readItems(): Promise<void> {
    const opening = this.open()
    if (opening !== undefined) await opening
    await this.readRest()
  }

  #read(read: (pump: ItemPump) => Promise<void> | undefined): Promise<void> | undefined {
    const pump = this.#pump
    if (pump === undefined) return undefined
    try {
      const pending = this.#place.inContext(() => read(pump))
      return pending === undefined ? undefined : this.#named(pending)
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #open(): Items | Promise<Items> {
    const { resource, run, inContext } = this.#place
    const { content } = resource
    if (content.kind === 'json_lines') return parseJsonLines(content.lines)
    if (content.kind === 'transformer') return [][Symbol.iterator]()
    const { data } = content
    return openData(typeof data === 'function' ? () => data(run.context) : data, inContext)
  }

  async #startLater(items: PromiseLike<Items>): Promise<void> {
    this.#start(await items)
  }

  #start(items: Items): void {
    const { resource, take, flow, inContext, pipes } = this.#place
    const bounded = resource.options.parallelized === true ? new BoundedItems(items, flow, pipes) : items
    const pump = new ItemPump(bounded, take, flow, inContext)
    pipes.open.add(pump)
    this.#items = items
    this.#pump = pump
  }

  async #named(pending: Promise<void>): Promise<void> {
    try {
      await pending
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failure(error: unknown): unknown {
    const { resource, pipes, flow } = this.#place
    return pipes.errors.ofData(resource, error, flow)
  }
}
