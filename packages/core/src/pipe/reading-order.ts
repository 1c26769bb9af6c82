import { setImmediate as nextTurn } from 'node:timers/promises'
import pLimit from 'p-limit'
import { valuesInARow } from './item-pump.ts'
import type { PipeRun } from './pipe-run.ts'
import type { ResourceReader } from './resource-reader.ts'

/** Reads one resource after another, each to its end. */
export async function readOneByOne(readers: readonly ResourceReader[], run: PipeRun): Promise<void> {
  for (const reader of readers) {
    if (!run.isStopped) await reader.readAll()
  }
}

/**
 * Reads all resources together: synchronous ones take turns, a value each, in their order; asynchronous ones are read beside them,
 * so many at once.
 */
export async function readInTurns(
  readers: readonly ResourceReader[],
  maxParallel: number,
  run: PipeRun,
): Promise<void> {
  const limit = pLimit(maxParallel)
  const turns = new Turns(run)
  const asynchronous = readers.filter(({ isAsynchronous }) => isAsynchronous)
  for (const reader of readers) if (!asynchronous.includes(reader)) turns.join(reader)
  const beside = asynchronous.map((reader) => limit(() => (run.isStopped ? undefined : reader.readAll())))
  await Promise.all([turns.take(), ...beside])
}

/** Others have waited long enough while somebody is waited for. */
const roundsBesideBusy = 50

class Turns {
  readonly #run: PipeRun
  #readers: ResourceReader[] = []
  readonly #busy = new Set<ResourceReader>()
  #wake: (() => void) | undefined

  constructor(run: PipeRun) {
    this.#run = run
  }

  /** Opens a resource, which has its turn after those that joined before. */
  join(reader: ResourceReader): void {
    this.#readers.push(reader)
    this.#await(reader, reader.open())
  }

  /** Lets the resources have their turns until all are at their end. */
  async take(): Promise<void> {
    let rounds = 0
    while (this.#readers.length > 0 && !this.#run.isStopped) {
      const isAlone = this.#readers.length === 1
      if (!this.#takeRound(isAlone ? valuesInARow : 1)) {
        await this.#change()
        rounds = 0
      } else if (isAlone || ++rounds >= (this.#busy.size > 0 ? roundsBesideBusy : valuesInARow)) {
        await nextTurn()
        rounds = 0
      }
    }
  }

  // Whether anybody could read.
  #takeRound(values: number): boolean {
    let hasRead = false
    for (const reader of this.#readers) {
      if (this.#busy.has(reader)) continue
      hasRead = true
      if (reader.isDone) this.#finish(reader)
      else this.#await(reader, reader.turn(values))
    }
    return hasRead
  }

  #finish(reader: ResourceReader): void {
    const finished = reader.finish().then(() => {
      this.#readers = this.#readers.filter((other) => other !== reader)
    })
    this.#await(reader, finished)
  }

  #await(reader: ResourceReader, pending: Promise<void> | undefined): void {
    if (pending === undefined) return
    this.#busy.add(reader)
    pending.then(
      () => {
        this.#busy.delete(reader)
        this.#wake?.()
      },
      (error: unknown) => {
        this.#run.fail(error)
        this.#wake?.()
      },
    )
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
