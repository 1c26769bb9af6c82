import pLimit from 'p-limit'
import { connectPipes, type PipeInput } from './connect-pipes.ts'
import { namedErrors, type PipeErrors } from './pipe-error.ts'
import { PipeRun } from './pipe-run.ts'
import { readInTurns, readOneByOne } from './reading-order.ts'

/** How resources are read. */
export interface PipeOptions {
  /** `round_robin` (default): resources take turns. `fifo`: one after another, each to its end. */
  readonly order?: 'round_robin' | 'fifo'
  /** Asynchronous resources that are read at once; promises of all parallelized ones together that are under way. Default: 20. */
  readonly maxParallel?: number
  /** Calls of transformers and promises of parallelized resources at once, of all together. Default: no bound but their own. */
  readonly maxConcurrency?: number
  /** Aborted when the reading fails; aborting it gives up the reading. */
  readonly controller?: AbortController
  /** What is made of errors. Default: they name resource, step and place. */
  readonly errors?: PipeErrors
}

/**
 * Reads resources to their end, through their steps and the transformers over them, into their sinks. A resource is read once,
 * however many transformers take its items.
 *
 * When anything fails, all generators are closed and the first error is thrown; code that cannot be interrupted is left behind
 * after some seconds.
 *
 * @throws DltError naming the resource, its step and how far it had come
 */
export async function readPipes(inputs: readonly PipeInput[], options: PipeOptions = {}): Promise<void> {
  const { order = 'round_robin', maxParallel = 20, maxConcurrency, errors = namedErrors } = options
  const { controller = new AbortController() } = options
  const run = new PipeRun(
    errors,
    maxConcurrency === undefined ? undefined : pLimit(maxConcurrency),
    pLimit(maxParallel),
  )
  const abort = (): void => run.leave(controller.signal.reason)
  controller.signal.throwIfAborted()
  controller.signal.addEventListener('abort', abort)
  try {
    const readers = connectPipes(inputs, maxParallel, run)
    const work = order === 'fifo' ? readOneByOne(readers, run) : readInTurns(readers, maxParallel, run)
    await run.guard(work, (error) => controller.abort(error))
  } finally {
    controller.signal.removeEventListener('abort', abort)
  }
}
