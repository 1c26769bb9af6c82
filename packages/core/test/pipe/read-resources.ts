import type { Resource } from '../../src/declare/resource.ts'
import type { ResourceRun } from '../../src/declare/resource-run.ts'
import { isMarkedItem } from '../../src/hints/marked-item.ts'
import { type RunInContext, withoutContext } from '../../src/items/async-context.ts'
import type { PipeInput } from '../../src/pipe/connect-pipes.ts'
import type { PipeSink } from '../../src/pipe/pipe-receiver.ts'
import { type PipeOptions, readPipes } from '../../src/pipe/read-pipes.ts'

/** Takes items into a list, and is full whenever it has taken so many. */
export class Collector implements PipeSink {
  readonly items: unknown[] = []
  drains = 0
  emptyPages = 0
  isFinished = false
  #waiting = 0
  #isDraining = false
  readonly #room: number

  constructor(room: number) {
    this.#room = room
  }

  add(item: unknown): boolean {
    if (this.#isDraining) throw new RangeError('An item came while there was no room.')
    if (this.isFinished) throw new RangeError('An item came after the end.')
    this.items.push(item)
    this.#waiting++
    return this.#waiting >= this.#room
  }

  async drain(): Promise<void> {
    if (this.#waiting < this.#room) throw new RangeError('There was room.')
    this.drains++
    this.#isDraining = true
    await Promise.resolve()
    this.#isDraining = false
    this.#waiting = 0
  }

  emptyPage(): void {
    this.emptyPages++
  }

  async finish(): Promise<void> {
    this.isFinished = true
  }
}

/** What a resource is read with in a test. */
export function testRun(
  more: Partial<ResourceRun> = {},
  inContext: RunInContext = withoutContext,
  signal: AbortSignal = new AbortController().signal,
): ResourceRun {
  return { context: { config: {}, state: {}, sourceState: {}, signal }, metrics: {}, inContext, ...more }
}

/** How resources are read in a test. */
export interface TestOptions extends PipeOptions {
  /** Items after which a sink must be drained. Default: 3. */
  readonly room?: number
  /** What the resource of the name is read with. */
  readonly runs?: Readonly<Record<string, Partial<ResourceRun>>>
  /** Given the sinks by name before anything is read. */
  onCollectors?(collectors: Readonly<Record<string, Collector>>): void
}

/** What came out of resources. */
export interface Outcome {
  /** Items of the selected resources by name. */
  readonly items: Readonly<Record<string, readonly unknown[]>>
  readonly collectors: Readonly<Record<string, Collector>>
}

/** Reads resources into lists; those that are not selected only feed transformers. */
export async function readResources(resources: readonly Resource[], options: TestOptions = {}): Promise<Outcome> {
  const { room = 3, runs = {}, controller = new AbortController(), ...pipes } = options
  const collectors: Record<string, Collector> = {}
  const inputs = resources.map((resource): PipeInput => {
    const run = testRun(runs[resource.name], undefined, controller.signal)
    if (!resource.selected) return { resource, run }
    const sink = new Collector(room)
    collectors[resource.name] = sink
    return { resource, run, sink }
  })
  options.onCollectors?.(collectors)
  await readPipes(inputs, { ...pipes, controller })
  const items = Object.fromEntries(Object.entries(collectors).map(([name, sink]) => [name, sink.items.map(plain)]))
  return { items, collectors }
}

function plain(item: unknown): unknown {
  return typeof item === 'object' && item !== null && isMarkedItem(item) ? { ...item } : item
}

/** The items of one resource. */
export async function itemsOf(resource: Resource, options: TestOptions = {}): Promise<readonly unknown[]> {
  const { items } = await readResources([resource], options)
  return items[resource.name] ?? []
}

/** What was thrown. */
export async function thrown(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new RangeError('Nothing was thrown.')
}

/** Waits so many milliseconds. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
