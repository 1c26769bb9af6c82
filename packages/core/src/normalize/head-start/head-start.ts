import { join } from 'node:path'
import type { DestinationCapabilities } from '@dlt/destination'
import { removePath } from '../../packages/durable-files.ts'
import { longestIdentifier } from '../longest-identifier.ts'
import type { TaskRunner } from '../normalize-task.ts'
import { smallPackageBytes } from '../small-package-bytes.ts'
import { createWorkerPool } from '../worker-pool.ts'
import { PackageHeadStart } from './package-head-start.ts'
import { TaskQueue } from './task-queue.ts'

/** How packages are normalized while they are being extracted. */
export interface HeadStartOptions {
  /** Folder of groups that are being normalized, which count for nothing. */
  readonly stage: string
  readonly capabilities: DestinationCapabilities
  /** Threads that work when nothing is extracted any more; until then one is left to extract where there are several. */
  readonly threads: number
  /** Bytes of extracted files up to which a package is left alone. Default: those of a small package, 4 MiB. */
  readonly smallPackageBytes?: number
  /** Bytes of pages that are normalized together. Default: 12 MiB. */
  readonly taskBytes?: number
  /** Makes what does the tasks. Default: a pool of worker threads. */
  readonly createRunner?: (threads: number) => Promise<TaskRunner>
}

const scratchName = 'head-start'

const defaultTaskBytes = 12 * 1024 * 1024

/**
 * Normalizes packages of one group while they are being extracted. Nothing of it counts: it is in "normalizing", where the next step
 * removes it after a crash, and whoever normalizes the group takes of it what all pages together still agree with. So a crash at any
 * moment is harmless, and what happens in the background is not announced.
 * Memory is bounded by the threads: pages wait on the disk, not here.
 */
export class HeadStart implements AsyncDisposable {
  readonly #options: HeadStartOptions
  readonly #queue: TaskQueue
  readonly #packages = new Map<string, PackageHeadStart>()
  #groupId: string | undefined
  #pool: Promise<TaskRunner> | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(options: HeadStartOptions) {
    this.#options = options
    this.#queue = new TaskQueue(() => this.#runner(), Math.max(1, options.threads - 1))
  }

  /** Begins with a package of the group. All packages are of one group. */
  begin(groupId: string, loadId: string): PackageHeadStart {
    this.#groupId = groupId
    const { capabilities, taskBytes = defaultTaskBytes } = this.#options
    const group = join(this.#options.stage, groupId)
    const early = {
      queue: this.#queue,
      capabilities,
      loadId,
      directory: join(group, loadId),
      scratchDirectory: join(group, scratchName),
      maxIdentifierLength: longestIdentifier(capabilities),
      taskBytes,
      rowCount: 0,
    }
    const started = new PackageHeadStart(early, this.#options.smallPackageBytes ?? smallPackageBytes, () =>
      this.#runner(),
    )
    this.#packages.set(loadId, started)
    return started
  }

  /** Ends it for all packages: what has not begun never does. What was begun of a package, if there is anything. */
  finish(groupId: string, loadId: string): PackageHeadStart | undefined {
    this.#queue.close()
    const started = groupId === this.#groupId ? this.#packages.get(loadId) : undefined
    return started?.isBegun === true ? started : undefined
  }

  /** The group is normalized: removes what is not needed any more, and lets the threads end meanwhile. */
  async endGroup(groupId: string): Promise<void> {
    if (groupId !== this.#groupId) return
    this.#endThreads()
    if (this.#begun.length > 0) {
      await removePath('normalize.head-start', join(this.#options.stage, groupId, scratchName))
    }
  }

  /** Ends the threads, and removes what they made and nobody took. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.close()
    this.#endThreads()
    await this.#ended
    await this.#queue.settled()
    const begun = this.#begun
    await Promise.all(begun.map((started) => started.settled()))
    if (begun.length === 0 || this.#groupId === undefined) return
    // What cannot be removed now is a leftover for the next step; why the extract failed must not be lost over it.
    await removePath('normalize.head-start', join(this.#options.stage, this.#groupId)).catch(() => undefined)
    this.#packages.clear()
  }

  get #begun(): readonly PackageHeadStart[] {
    return [...this.#packages.values()].filter(({ isBegun }) => isBegun)
  }

  #endThreads(): void {
    const pool = this.#pool
    if (pool === undefined) return
    this.#pool = undefined
    this.#ended = pool.then((runner) => runner[Symbol.asyncDispose]())
    // Whoever ends it all is told of a failure.
    this.#ended.catch(() => undefined)
  }

  #runner(): Promise<TaskRunner> {
    const { threads, createRunner = createWorkerPool } = this.#options
    this.#pool ??= createRunner(threads)
    return this.#pool
  }
}
