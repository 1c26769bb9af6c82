import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { dlt } from '../../src/dlt.ts'
import { failure } from '../extract/failure.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: 0 })
})

afterEach(() => {
  vi.useRealTimers()
})

/** Asks for calls; the times at which they began, as they begin. */
function beginnings(limit: (call: () => number) => Promise<number>, count: number): number[] {
  const times: number[] = []
  for (let index = 0; index < count; index++) void limit(() => times.push(Date.now()))
  return times
}

describe('a rate limit', () => {
  it('lets so many calls begin within any stretch, the others in their turn', async () => {
    const times = beginnings(dlt.rateLimit({ calls: 3, seconds: 2 }), 8)
    await vi.advanceTimersByTimeAsync(1999)
    expect(times).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(times).toHaveLength(8)
    times.slice(3).forEach((time, index) => {
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(2000)
    })
  })

  it('counts a second where nothing is said, and all code that uses it', async () => {
    const limit = dlt.rateLimit({ calls: 2 })
    const [first, second] = [beginnings(limit, 2), beginnings(limit, 2)]
    await vi.advanceTimersByTimeAsync(999)
    expect([first.length, second.length]).toEqual([2, 0])
    await vi.advanceTimersByTimeAsync(100)
    expect(second).toHaveLength(2)
  })

  it('gives what the call gives, and its error', async () => {
    const limit = dlt.rateLimit({ calls: 5 })
    const [value, later] = [limit(() => 1), limit(async () => 'later')]
    expectTypeOf(value).toEqualTypeOf<Promise<number>>()
    expectTypeOf(later).toEqualTypeOf<Promise<string>>()
    expect([await value, await later]).toEqual([1, 'later'])
    const no = new Error('no')
    await expect(limit(() => Promise.reject(no))).rejects.toBe(no)
    await expect(
      limit(() => {
        throw no
      }),
    ).rejects.toBe(no)
  })

  it('never makes calls whose signal aborts while they wait, and gives their turn to others', async () => {
    const limit = dlt.rateLimit({ calls: 1 })
    const controller = new AbortController()
    const made: string[] = []
    void limit(() => made.push('first'))
    const waiting = limit(() => made.push('given up'), { signal: controller.signal })
    void limit(() => made.push('next'))
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await vi.advanceTimersByTimeAsync(1100)
    expect(made).toEqual(['first', 'next'])
    await expect(limit(() => made.push('too late'), { signal: controller.signal })).rejects.toThrow('enough')
  })

  it('ends with the extract that fails: calls that wait in a transformer are never made', async () => {
    const limit = dlt.rateLimit({ calls: 1 })
    const made: number[] = []
    const items = dlt.resource({ name: 'items' }, [{ id: 1 }, { id: 2 }, { id: 3 }])
    const details = dlt.transformer({ name: 'details', dataFrom: items, concurrency: 3 }, ({ id }) =>
      limit(() => {
        made.push(id)
        throw new Error('refused')
      }),
    )
    const read = async () => {
      for await (const _ of details);
    }
    await expect(read()).rejects.toThrow('refused')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(made).toEqual([1])
  })

  it.each([
    [{ calls: 0 }, 'dlt.rateLimit: calls must be a whole number, 1 or more.'],
    [{ calls: 1.5 }, 'dlt.rateLimit: calls must be a whole number, 1 or more.'],
    [{ calls: 1, seconds: 0 }, 'dlt.rateLimit: seconds must be a number above 0, 86400 at most.'],
    [{ calls: 1, seconds: Number.NaN }, 'dlt.rateLimit: seconds must be a number above 0, 86400 at most.'],
    [{ calls: 1, second: 5 }, 'dlt.rateLimit has no option "second". Write "seconds".'],
  ])('refuses %j', async (options, message) => {
    expect(await failure(() => dlt.rateLimit(options))).toEqual(['CONFIGURATION', message])
  })
})
