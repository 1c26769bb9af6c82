import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Junction } from '../../src/pipe/junction.ts'
import type { PipeReceiver } from '../../src/pipe/pipe-receiver.ts'
import { PullQueue } from '../../src/pipe/pull-queue.ts'
import { ValueQueue } from '../../src/pipe/value-queue.ts'
import { thrown, wait } from './read-resources.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown> | undefined): Promise<boolean> {
  if (promise === undefined) return true
  return Promise.race([promise.then(() => true), wait(1).then(() => false)])
}

describe('a queue of values', () => {
  it('gives them in order to one who takes them, until the end', async () => {
    const queue = new ValueQueue(3)
    const taken: unknown[] = []
    const taking = queue.takeAll((value) => {
      taken.push(value)
      return undefined
    })
    for (const number of numbers(7)) await queue.push(number)
    expect(await isSettled(taking)).toBe(false)
    queue.end()
    await taking
    expect(taken).toEqual(numbers(7))
  })

  it('lets those who make values wait while it is full', async () => {
    const queue = new ValueQueue(2)
    expect(queue.push(1)).toBeUndefined()
    const full = queue.push(2)
    expect(await isSettled(full)).toBe(false)
    let resume = (): void => undefined
    const taking = queue.takeAll(
      () =>
        new Promise((resolve) => {
          resume = resolve
        }),
    )
    expect(await isSettled(full)).toBe(true)
    queue.end()
    resume()
    await wait(0)
    resume()
    await taking
  })

  it('leaves nobody waiting when it ends', async () => {
    const queue = new ValueQueue(1)
    const full = queue.push(1)
    queue.end()
    await full
    expect(queue.push(2)).toBeUndefined()
  })

  it('throws what taking a value throws', async () => {
    const queue = new ValueQueue(9)
    await queue.push(1)
    const refuse = (): never => {
      throw new Error('refused')
    }
    expect(await thrown(queue.takeAll(refuse))).toEqual(new Error('refused'))
    const later = new ValueQueue(9)
    await later.push(1)
    expect(await thrown(later.takeAll(() => Promise.reject(new Error('refused later'))))).toEqual(
      new Error('refused later'),
    )
  })

  it('never holds more than it may, whoever is quick', async () => {
    const pauses = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), pauses, pauses, async (capacity, making, taking) => {
        const queue = new ValueQueue(capacity)
        let made = 0
        let taken = 0
        let most = 0
        const done = queue.takeAll((value) => {
          taken++
          expect(value).toBe(taken)
          return taking[taken % taking.length] ? Promise.resolve() : undefined
        })
        for (; made < 20; ) {
          const full = queue.push(++made)
          most = Math.max(most, made - taken)
          if (making[made % making.length]) await Promise.resolve()
          if (full !== undefined) await full
        }
        queue.end()
        await done
        expect(taken).toBe(20)
        expect(most).toBeLessThanOrEqual(capacity + 1)
      }),
    )
  })
})

/** Takes items, needs room after so many, and refuses one while it makes room. */
class Strict implements PipeReceiver {
  readonly items: unknown[] = []
  finished = 0
  #isFull = false
  readonly #room: number

  constructor(room: number) {
    this.#room = room
  }

  add(item: unknown): boolean {
    if (this.#isFull) throw new RangeError('There is no room.')
    this.items.push(item)
    this.#isFull = this.items.length % this.#room === 0
    return this.#isFull
  }

  async drain(): Promise<void> {
    if (!this.#isFull) throw new RangeError('There is room.')
    await Promise.resolve()
    this.#isFull = false
  }

  beginPage(): void {
    throw new RangeError('A page came.')
  }

  endPage(): void {
    throw new RangeError('A page ended.')
  }

  async finish(): Promise<void> {
    this.finished++
  }
}

describe('a junction', () => {
  it('hands on the items of all sources one after another, each source in its order', async () => {
    const counts = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 3 }), async (sources, room) => {
        const end = new Strict(room)
        const junction = new Junction(end, sources.length)
        const source = async (index: number, count: number): Promise<void> => {
          for (const number of numbers(count)) {
            if (junction.add(index * 100 + number)) await junction.drain()
            if (number % 3 === index % 3) await Promise.resolve()
          }
          await junction.finish()
        }
        await Promise.all(sources.map((count, index) => source(index, count)))
        sources.forEach((count, index) => {
          const own = end.items.filter((item) => Math.floor(Number(item) / 100) === index)
          expect(own).toEqual(numbers(count).map((number) => index * 100 + number))
        })
        expect(end.items).toHaveLength(sources.reduce((sum, count) => sum + count, 0))
        expect(end.finished).toBe(1)
      }),
    )
  })

  it('knows no pages: items of others may come between', () => {
    const junction = new Junction(new Strict(9), 2)
    junction.beginPage()
    junction.add(1)
    junction.endPage()
  })

  it('tells all sources that the end failed', async () => {
    const end = new Strict(1)
    end.drain = () => Promise.reject(new Error('disk full'))
    const junction = new Junction(end, 2)
    expect(junction.add(1)).toBe(true)
    expect(junction.add(2)).toBe(true)
    const outcomes = await Promise.all([thrown(junction.drain()), thrown(junction.drain())])
    expect(outcomes).toEqual([new Error('disk full'), new Error('disk full')])
  })
})

describe('a queue that is pulled', () => {
  it('lets nobody bring more before another item is wanted', async () => {
    const queue = new PullQueue()
    expect(queue.add(1)).toBe(true)
    const room = queue.drain()
    expect(await queue.hasNext()).toBe(true)
    expect(queue.take()).toBe(1)
    expect(await isSettled(room)).toBe(false)
    const next = queue.hasNext()
    await room
    queue.add(2)
    expect(await next).toBe(true)
    expect(queue.take()).toBe(2)
  })

  it('gives what came before the end', async () => {
    const queue = new PullQueue()
    queue.add(1)
    queue.end()
    expect([await queue.hasNext(), queue.take(), await queue.hasNext()]).toEqual([true, 1, false])
  })

  it('leaves nobody waiting at the end', async () => {
    const queue = new PullQueue()
    queue.add(1)
    const room = queue.drain()
    queue.end()
    await room
    expect(queue.add(2)).toBe(false)
    await queue.drain()
    const empty = new PullQueue()
    const next = empty.hasNext()
    empty.end()
    expect(await next).toBe(false)
  })
})
