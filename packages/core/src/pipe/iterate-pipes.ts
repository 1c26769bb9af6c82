import { isMarkedItem } from '../hints/marked-item.ts'
import type { PipeInput } from './connect-pipes.ts'
import { isMarker } from './marks.ts'
import { plainErrors } from './pipe-error.ts'
import { ClosingFailed } from './pipe-run.ts'
import { PullQueue } from './pull-queue.ts'
import { type PipeOptions, readPipes } from './read-pipes.ts'

/** A resource that is iterated. */
export interface IteratedInput extends Omit<PipeInput, 'sink'> {
  /** Whether its items are wanted, or only those of transformers over it. */
  readonly isSelected: boolean
}

/**
 * The items of resources one by one, for a reader who asks for them: nothing is read before it is wanted, and generators are closed
 * when the reader stops. Errors are passed on as they were thrown.
 */
export async function* iteratePipes(
  inputs: readonly IteratedInput[],
  options: Omit<PipeOptions, 'errors'> = {},
): AsyncGenerator<unknown, void, undefined> {
  const { controller = new AbortController() } = options
  const queue = new PullQueue()
  const sink = {
    add: (item: unknown) => addItem(queue, item),
    drain: () => queue.drain(),
    finish: async () => undefined,
  }
  const sinks = inputs.map(({ isSelected, ...input }) => (isSelected ? { ...input, sink } : input))
  let failure: { readonly error: unknown } | undefined
  const reading = readPipes(sinks, { ...options, controller, errors: plainErrors })
    .catch((error: unknown) => {
      failure = { error }
    })
    .finally(() => queue.end())
  let isStopped = true
  try {
    while (await queue.hasNext()) yield queue.take()
    isStopped = false
  } finally {
    queue.end()
    if (isStopped) controller.abort()
    await reading
    if (isStopped) throwClosingError(failure?.error)
  }
  if (failure !== undefined) throw failure.error
}

// As for a generator that is left by "break": what its "finally" throws is not lost. Other errors are of items that nobody asked for.
function throwClosingError(error: unknown): void {
  if (error instanceof ClosingFailed) throw error.error
}

// Marks say where an item goes, and here it goes nowhere.
function addItem(queue: PullQueue, item: unknown): boolean {
  if (!isMarker(item)) return queue.add(item)
  return isMarkedItem(item) ? addItem(queue, item.item) : false
}
