import { describe, expect, it } from 'vitest'
import { TaskQueue } from '../../../src/normalize/head-start/task-queue.ts'
import { inProcessRunner } from '../../../src/normalize/in-process-runner.ts'

/** A task that ends when it is told to. */
class Held {
  readonly run: () => Promise<string>
  /** Resolves when it has begun. */
  readonly begun: Promise<void>
  #end: (result: string) => void = () => undefined

  constructor() {
    const ended = new Promise<string>((resolve) => {
      this.#end = resolve
    })
    let begin: () => void = () => undefined
    this.begun = new Promise((resolve) => {
      begin = resolve
    })
    this.run = () => {
      begin()
      return ended
    }
  }

  end(): void {
    this.#end('done')
  }
}

const queueOf = (parallel: number) => new TaskQueue(async () => inProcessRunner, parallel)

describe('a queue of tasks', () => {
  it('runs so many at once, in order', async () => {
    const held = [new Held(), new Held(), new Held()]
    const queue = queueOf(2)
    const tasks = held.map(({ run }) => queue.add(run))
    expect(tasks.map(({ isStarted }) => isStarted)).toEqual([true, true, false])
    held[1]?.end()
    expect(await tasks[1]?.result).toBe('done')
    await held[2]?.begun
    expect(tasks[2]?.isStarted).toBe(true)
    for (const one of held) one.end()
    await queue.settled()
  })

  it('drops what waits when it is closed, and lets the others end', async () => {
    const [running, waiting] = [new Held(), new Held()]
    const queue = queueOf(1)
    const first = queue.add(running.run)
    const second = queue.add(waiting.run)
    queue.close()
    const late = queue.add(waiting.run)
    await expect(second.result).rejects.toThrow('The task was dropped before it began.')
    await expect(late.result).rejects.toThrow('The task was dropped before it began.')
    running.end()
    await queue.settled()
    expect([await first.result, first.isStarted, second.isStarted, late.isStarted]).toEqual([
      'done',
      true,
      false,
      false,
    ])
  })

  it('goes on after a task that failed', async () => {
    const queue = queueOf(1)
    const failed = queue.add(() => Promise.reject(new TypeError('no')))
    const next = queue.add(async () => 'done')
    await expect(failed.result).rejects.toThrow('no')
    expect(await next.result).toBe('done')
  })

  it('fails tasks where there is nobody to run them', async () => {
    const queue = new TaskQueue(() => Promise.reject(new TypeError('no threads')), 1)
    await expect(queue.add(async () => 'done').result).rejects.toThrow('no threads')
  })
})
