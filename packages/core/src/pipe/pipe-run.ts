import type { LimitFunction } from 'p-limit'
import type { OpenPumps } from './item-pump.ts'
import type { PipeErrors } from './pipe-error.ts'

// What hangs in code that nobody can interrupt must not keep the error from whoever waits for it.
const graceMilliseconds = 5000

/** What a generator threw when it was closed because nobody wanted more. */
export class ClosingFailed {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

/** One reading of all pipes of a source: what they share, and what ends it early. */
export class PipeRun {
  readonly errors: PipeErrors
  /** Bounds calls of transformers. */
  readonly limiter: LimitFunction | undefined
  /** Bound what parallelized resources have under way, of all of them together. */
  readonly bounds: readonly LimitFunction[]
  /** Iterators that are being read. */
  readonly open: OpenPumps = new Set()
  readonly #stops: (() => void)[] = []
  readonly #followed = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined
  #isLeft = false

  constructor(errors: PipeErrors, limiter: LimitFunction | undefined, ahead: LimitFunction) {
    this.errors = errors
    this.limiter = limiter
    this.bounds = limiter === undefined ? [ahead] : [ahead, limiter]
  }

  /** Whether the reading was given up. */
  get isStopped(): boolean {
    return this.#failure !== undefined
  }

  /** Gives up the reading. The first error is the one that is reported. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = { error }
    for (const stop of this.#stops) stop()
  }

  /** Gives up the reading because nobody wants more. What fails in closing is then thrown, as {@link ClosingFailed}. */
  leave(reason: unknown): void {
    this.#isLeft ||= this.#failure === undefined
    this.fail(reason)
  }

  /** Calls the function when the reading is given up. */
  onStop(stop: () => void): void {
    this.#stops.push(stop)
  }

  /** Work that goes on beside the reading: when the reading is given up, it comes to its end before the error is thrown. */
  follow(work: Promise<void>): void {
    this.#followed.add(work)
    const ended = (): void => {
      this.#followed.delete(work)
    }
    work.then(ended, ended)
  }

  /**
   * Waits for the work. When it fails, or {@link fail} is called, whatever is being read is closed, innermost first, so that `finally`
   * blocks of generators run; then the first error is thrown.
   *
   * @param giveUp told the first error, before anything is closed
   */
  async guard(work: Promise<void>, giveUp: (error: unknown) => void): Promise<void> {
    const failed = new Promise<void>((resolve) => {
      if (this.isStopped) resolve()
      else this.onStop(resolve)
    })
    try {
      await Promise.race([work, failed])
    } catch (error) {
      this.fail(error)
    }
    if (this.#failure === undefined) return
    giveUp(this.#failure.error)
    const failures: unknown[] = []
    const closed = [...this.open].reverse().map((pump) => pump.close().catch((error: unknown) => failures.push(error)))
    await withinGrace(Promise.allSettled([...closed, ...this.#followed, work]))
    if (this.#isLeft && failures.length > 0) throw new ClosingFailed(failures[0])
    throw this.#failure.error
  }
}

async function withinGrace(closing: Promise<unknown>): Promise<void> {
  const { promise, stop } = timer(graceMilliseconds)
  try {
    await Promise.race([closing, promise])
  } finally {
    stop()
  }
}

function timer(milliseconds: number): { readonly promise: Promise<void>; stop(): void } {
  let handle: NodeJS.Timeout | undefined
  const promise = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, milliseconds)
  })
  return { promise, stop: () => clearTimeout(handle) }
}
