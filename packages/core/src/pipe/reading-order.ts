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
  const beside: Promise<void>[] = []
  for (const reader of readers) {
    // Opening only calls a function here; that it made an asynchronous generator shows afterwards.
    if (reader.isAsynchronous || turns.open(reader)) beside.push(limit(() => readUnlessStopped(reader, run)))
  }
  // All of them end before the work does, whichever fails: what still writes must not write later.
  const failed = (error: unknown): void => run.fail(error)
  await Promise.all([turns.take(), ...beside].map((work) => work.catch(failed)))
}

async function readUnlessStopped(reader: ResourceReader, run: PipeRun): Promise<void> {
  if (!run.isStopped) await reader.readAll()
}

/** Others have waited long enough while somebody is waited for. */
const roundsBesideBusy = 50

class Turns {
  readonly #run: PipeRun
  #readers: ResourceReader[] = []
  readonly #busy = new Map<ResourceReader, Promise<void>>()
  #wake: (() => void) | undefined

  constructor(run: PipeRun) {
    this.#run = run
    run.onStop(() => this.#wake?.())
  }

  /**
   * Opens a resource, which has its turn after those that were opened before.
   * @returns true when it is asynchronous after all, and has no turns
   */
  open(reader: ResourceReader): boolean {
    try {
      const opening = reader.open()
      if (opening === undefined && reader.hasAsynchronousItems) return true
      this.#readers.push(reader)
      this.#await(reader, opening)
    } catch (error) {
      this.#run.fail(error)
    }
    return false
  }

  /** Lets the resources have their turns until all are at their end. */
  async take(): Promise<void> {
    try {
      await this.#takeAll()
    } catch (error) {
      this.#run.fail(error)
    }
    await Promise.all(this.#busy.values())
  }

  async #takeAll(): Promise<void> {
    let rounds = 0
    while (this.#readers.length > 0 && !this.#run.isStopped) {
      if (!this.#takeRound(this.#readers.length === 1)) await this.#change()
      if (++rounds < (this.#busy.size > 0 ? roundsBesideBusy : valuesInARow)) continue
      rounds = 0
      await nextTurn()
    }
  }

  // Whether anybody could read. Who is alone needs no turns.
  #takeRound(isAlone: boolean): boolean {
    let hasRead = false
    for (const reader of this.#readers) {
      if (this.#busy.has(reader)) continue
      hasRead = true
      if (reader.isDone) this.#finish(reader)
      else this.#await(reader, isAlone ? reader.readRest() : reader.turn())
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
    const settled = pending
      .catch((error: unknown) => this.#run.fail(error))
      .then(() => {
        this.#busy.delete(reader)
        this.#wake?.()
      })
    this.#busy.set(reader, settled)
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
