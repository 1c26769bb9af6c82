import type {
  PageFile,
  ShredTask,
  SievedPages,
  SieveTask,
  TaskRunner,
  WriteTask,
  WrittenPages,
} from './normalize-task.ts'
import { resultOf, type TaskOutcome } from './task-outcome.ts'

/** How long a thread waits for work before it ends. */
const idleMilliseconds = 30_000

/**
 * Does the work in worker threads.
 * @param threads how many threads, at most
 */
export async function createWorkerPool(threads: number): Promise<TaskRunner> {
  const { Tinypool } = await import('tinypool')
  const pool = new Tinypool({
    filename: import.meta.resolve('#normalize-worker'),
    minThreads: 1,
    maxThreads: threads,
    // By itself it ends a thread that has nothing to do for a moment, and the next one compiles everything again.
    idleTimeout: idleMilliseconds,
    isolateWorkers: false,
  })
  return {
    shred: async (task: ShredTask): Promise<readonly PageFile[]> =>
      resultOf<readonly PageFile[]>((await pool.run(task, { name: 'shred' })) as TaskOutcome<readonly PageFile[]>),
    sieve: async (task: SieveTask): Promise<SievedPages> =>
      resultOf<SievedPages>((await pool.run(task, { name: 'sieve' })) as TaskOutcome<SievedPages>),
    write: async (task: WriteTask): Promise<WrittenPages> =>
      resultOf<WrittenPages>((await pool.run(task, { name: 'write' })) as TaskOutcome<WrittenPages>),
    [Symbol.asyncDispose]: async (): Promise<void> => pool.destroy(),
  }
}
