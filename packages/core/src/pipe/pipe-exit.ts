import { DltError } from '@dlt/schema'
import type { Resource } from '../declare/resource.ts'
import { HintFailed } from '../hints/hint-failed.ts'
import { withMark } from './marks.ts'
import type { PipeErrors } from './pipe-error.ts'
import type { PipeFlow } from './pipe-flow.ts'
import type { ItemOrigin, PipeReceiver, PipeSink } from './pipe-receiver.ts'

/** What the end of a pipe leads to. */
export interface ExitPlace {
  readonly resource: Resource
  readonly flow: PipeFlow
  readonly errors: PipeErrors
  /** Where the items end; absent when the resource only feeds transformers. */
  readonly sink: PipeSink | undefined
  /** The transformers that take the items. */
  readonly branches: readonly PipeReceiver[]
}

/** The end of a resource's pipe: its items go to its own sink and, one after another, to each transformer over it. */
export class PipeExit implements PipeReceiver {
  readonly #place: ExitPlace
  readonly #flow: PipeFlow
  readonly #sink: PipeSink | undefined
  readonly #branches: readonly PipeReceiver[]
  #isSinkFull = false
  readonly #isFull: boolean[]
  readonly #origin: ItemOrigin

  constructor(place: ExitPlace) {
    this.#place = place
    this.#flow = place.flow
    this.#sink = place.sink
    this.#branches = place.branches
    this.#isFull = place.branches.map(() => false)
    this.#origin = { resource: place.resource.name, flow: place.flow }
  }

  add(item: unknown): boolean {
    if (this.#sink !== undefined) this.#isSinkFull = this.#addToSink(this.#sink, withMark(item, this.#flow))
    return this.#branches.length === 0 ? this.#isSinkFull : this.#addToBranches(item) || this.#isSinkFull
  }

  /** Takes what is no item, such as an empty table; transformers do not see it. */
  addMarker(marker: object): boolean {
    if (this.#sink === undefined) return false
    this.#isSinkFull = this.#addToSink(this.#sink, withMark(marker, this.#flow))
    return this.#isSinkFull
  }

  async drain(): Promise<void> {
    const drained = this.#branches.filter((_, index) => this.#isFull[index]).map((branch) => branch.drain())
    if (this.#isSinkFull && this.#sink !== undefined) drained.push(this.#drainSink(this.#sink))
    this.#isSinkFull = false
    this.#isFull.fill(false)
    await (drained.length === 1 ? drained[0] : Promise.all(drained))
  }

  beginPage(): void {}

  endPage(isEmpty: boolean): void {
    if (isEmpty) this.#sink?.emptyPage?.()
  }

  async finish(): Promise<void> {
    const finished = this.#branches.map((branch) => branch.finish())
    if (this.#sink !== undefined) finished.push(this.#finishSink(this.#sink))
    await Promise.all(finished)
  }

  #addToSink(sink: PipeSink, item: unknown): boolean {
    try {
      return sink.add(item)
    } catch (error) {
      throw this.#failureAtItem(error)
    }
  }

  #addToBranches(item: unknown): boolean {
    let isFull = false
    for (let index = 0; index < this.#branches.length; index++) {
      if (this.#branches[index]?.add(item, this.#origin) !== true) continue
      this.#isFull[index] = true
      isFull = true
    }
    return isFull
  }

  async #drainSink(sink: PipeSink): Promise<void> {
    try {
      await sink.drain()
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async #finishSink(sink: PipeSink): Promise<void> {
    try {
      await sink.finish()
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failureAtItem(error: unknown): unknown {
    const { resource, errors, flow } = this.#place
    if (error instanceof HintFailed) return errors.ofStep(resource, error.cause, `the hint ${error.hint}`, flow.place)
    // What is wrong with hints or names is wrong for all items alike.
    const isOfItem = !DltError.is(error) || error.code === 'DATA'
    return isOfItem ? errors.ofStep(resource, error, 'writing', flow.place) : errors.ofData(resource, error, flow)
  }

  #failure(error: unknown): unknown {
    const { resource, errors, flow } = this.#place
    return errors.ofData(resource, error, flow)
  }
}
