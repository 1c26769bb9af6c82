import type { TaskRunner } from '../normalize-task.ts'

/** A task that waits in a {@link TaskQueue}, runs, or has ended. */
export interface QueuedTask<Result> {
  /** Whether it runs or has run. */
  readonly isStarted: boolean
  /** Rejects, too, when the queue is closed before the task begins. */
  readonly result: Promise<Result>
}

/** Gives tasks to a runner in their order, a few at once. What has not begun when the queue is closed never does. */
export class TaskQueue {
  readonly #runner: () => Promise<TaskRunner>
  readonly #parallel: number
  readonly #waiting: { readonly begin: () => Promise<void>; readonly drop: () => void }[] = []
  readonly #running = new Set<Promise<void>>()
  #closed = false

  constructor(runner: () => Promise<TaskRunner>, parallel: number) {
    this.#runner = runner
    this.#parallel = parallel
  }

  /** Adds a task at the end. */
  add<Result>(run: (runner: TaskRunner) => Promise<Result>): QueuedTask<Result> {
    let isStarted = false
    const result = new Promise<Result>((resolve, reject) => {
      const begin = async (): Promise<void> => {
        isStarted = true
        await this.#runner().then(run).then(resolve, reject)
      }
      this.#waiting.push({ begin, drop: () => reject(new Error('The task was dropped before it began.')) })
    })
    // Whoever wants the result asks for it; nobody has to.
    result.catch(() => undefined)
    if (this.#closed) this.close()
    this.#advance()
    return {
      result,
      get isStarted() {
        return isStarted
      },
    }
  }

  /** Drops what waits. */
  close(): void {
    this.#closed = true
    for (const { drop } of this.#waiting.splice(0)) drop()
  }

  /** Waits for the tasks that run. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  #advance(): void {
    while (this.#running.size < this.#parallel) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      const running = next.begin().finally(() => {
        this.#running.delete(running)
        this.#advance()
      })
      this.#running.add(running)
    }
  }
}
