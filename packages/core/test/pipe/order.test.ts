import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { readResources, wait } from './read-resources.ts'

const log: string[] = []

/** A resource that notes each item when it is asked for. */
const sync = (name: string, count: number): Resource =>
  resource({ name }, function* () {
    for (let index = 1; index <= count; index++) {
      log.push(`${name}${index}`)
      yield index
    }
  })

const later = (name: string, count: number): Resource =>
  resource({ name }, async function* () {
    for (let index = 1; index <= count; index++) {
      log.push(`${name}${index}`)
      await wait(1)
      yield index
    }
  })

async function order(resources: readonly Resource[], options: object = {}): Promise<string> {
  log.length = 0
  await readResources(resources, { room: 100, ...options })
  return log.join(' ')
}

describe('round robin', () => {
  it('gives each synchronous resource one turn after another, in the order of their declaration', async () => {
    expect(await order([sync('a', 3), sync('b', 1), sync('c', 4)])).toBe('a1 b1 c1 a2 c2 a3 c3 c4')
  })

  it('goes on with the others while one is waited for', async () => {
    const slow = resource({ name: 's' }, function* () {
      log.push('s1')
      yield wait(5).then(() => 1)
      log.push('s2')
      yield 2
    })
    const seen = await order([slow, sync('a', 3)])
    expect(seen).toBe('s1 a1 a2 a3 s2')
  })

  it('lets one have its turn while another writes', async () => {
    expect(await order([sync('a', 2), sync('b', 2)], { room: 1 })).toBe('a1 b1 a2 b2')
  })

  it('reads asynchronous resources beside the synchronous ones, at the same time', async () => {
    expect(await order([later('x', 2), sync('a', 2), later('y', 2)])).toBe('a1 a2 x1 y1 x2 y2')
  })

  it('reads no more asynchronous resources at once than it may', async () => {
    expect(await order([later('x', 2), later('y', 2), later('z', 1)], { maxParallel: 1 })).toBe('x1 x2 y1 y2 z1')
    expect(await order([later('x', 2), later('y', 2), later('z', 1)], { maxParallel: 2 })).toMatch(/^x1 y1 x2 y2 z1/)
  })

  it('knows an asynchronous generator, however it is made', async () => {
    const wrapped = (name: string): Resource => {
      const { content } = later(name, 2)
      const data = content.kind === 'items' ? content.data : undefined
      return resource({ name }, () => (typeof data === 'function' ? data() : []))
    }
    expect(await order([wrapped('x'), wrapped('y')], { maxParallel: 1 })).toBe('x1 x2 y1 y2')
    expect(await order([wrapped('x'), wrapped('y')], { maxParallel: 2 })).toBe('x1 y1 x2 y2')
  })

  it('lets timers run beside a synchronous generator that never waits', async () => {
    let isOver = false
    setTimeout(() => {
      isOver = true
    }, 1)
    const busy = resource({ name: 'busy' }, function* () {
      const end = performance.now() + 10_000
      while (!isOver && performance.now() < end) yield 1
    })
    await readResources([busy], { room: Number.POSITIVE_INFINITY })
    expect(isOver).toBe(true)
  })

  it('lets timers run beside an asynchronous generator that never really waits', async () => {
    let isOver = false
    setTimeout(() => {
      isOver = true
    }, 1)
    const busy = resource({ name: 'busy' }, async function* () {
      const end = performance.now() + 10_000
      while (!isOver && performance.now() < end) yield 1
    })
    await readResources([busy], { room: Number.POSITIVE_INFINITY })
    expect(isOver).toBe(true)
  })
})

describe('fifo', () => {
  it('reads one resource after another, each to its end', async () => {
    const resources = [sync('a', 2), later('x', 2), sync('b', 1)]
    expect(await order(resources, { order: 'fifo' })).toBe('a1 a2 x1 x2 b1')
  })
})

describe('the end of a resource', () => {
  it('is told when it comes, and not when all others have ended', async () => {
    const ended: string[] = []
    const short = sync('short', 1)
    const long = resource({ name: 'long' }, async function* () {
      yield 1
      await wait(10)
      ended.push(`short: ${collectors['short']?.isFinished}`)
      yield 2
    })
    const collectors: Record<string, { readonly isFinished: boolean }> = {}
    const outcome = readResources([short, long], { onCollectors: (all) => Object.assign(collectors, all) })
    await outcome
    expect(ended).toEqual(['short: true'])
  })
})
