import { describe, expect, it } from 'vitest'
import { type RunInContext, withoutContext } from '../../src/items/async-context.ts'
import { ItemPump, type OpenPumps, type TakeValue, valuesInARow } from '../../src/pipe/item-pump.ts'
import type { Items } from '../../src/pipe/open-data.ts'
import { thrown, wait } from './read-resources.ts'

/** What happened to an iterator and its values. */
class Trace {
  readonly taken: unknown[] = []
  readonly events: string[] = []
  readonly open: OpenPumps = new Set()
  readonly flow = { isClosed: false }

  readonly take: TakeValue = (value) => {
    this.taken.push(value)
    return undefined
  }

  pump(items: Items, take: TakeValue = this.take, inContext: RunInContext = withoutContext): ItemPump {
    return new ItemPump(items, take, this.flow, inContext)
  }

  *counting(count: number): Generator<number> {
    try {
      for (let number = 1; number <= count; number++) yield number
      this.events.push('ended')
    } finally {
      this.events.push('closed')
    }
  }

  async *countingLater(count: number): AsyncGenerator<number> {
    yield* this.counting(count)
  }
}

describe('a pump', () => {
  it('reads a synchronous iterator to its end without waiting', () => {
    const trace = new Trace()
    const pump = trace.pump(trace.counting(3))
    expect(pump.toEnd(trace.open)).toBeUndefined()
    expect([trace.taken, trace.events, pump.isDone]).toEqual([[1, 2, 3], ['ended', 'closed'], true])
    expect(trace.open.size).toBe(0)
  })

  it('reads as many values as it is asked for', () => {
    const trace = new Trace()
    const pump = trace.pump(trace.counting(3))
    expect(pump.run(2)).toBeUndefined()
    expect([trace.taken, pump.isDone]).toEqual([[1, 2], false])
    expect(pump.run(2)).toBeUndefined()
    expect([trace.taken, pump.isDone]).toEqual([[1, 2, 3], true])
    expect(pump.run(2)).toBeUndefined()
    expect(trace.taken).toEqual([1, 2, 3])
  })

  it('is known as open from the first time it waits to its end', async () => {
    const trace = new Trace()
    const pump = trace.pump(trace.countingLater(2))
    const reading = pump.toEnd(trace.open)
    expect([...trace.open]).toEqual([pump])
    await reading
    expect([trace.taken, [...trace.open]]).toEqual([[1, 2], []])
  })

  it('waits for what a value needs before it asks for the next', async () => {
    const trace = new Trace()
    const log: string[] = []
    const pump = trace.pump(trace.counting(2), async (value) => {
      log.push(`take ${value}`)
      await wait(1)
      log.push(`taken ${value}`)
    })
    await pump.toEnd(trace.open)
    expect(log).toEqual(['take 1', 'taken 1', 'take 2', 'taken 2'])
  })

  it('lets others have their turn after many values in a row', async () => {
    for (const later of [false, true]) {
      const trace = new Trace()
      const count = valuesInARow * 2.5
      let turns = 0
      // Not a timer: one of a millisecond may come too late for so few values.
      const others = setImmediate(() => turns++)
      await trace.pump(later ? trace.countingLater(count) : trace.counting(count)).toEnd(trace.open)
      clearImmediate(others)
      expect(trace.taken).toHaveLength(count)
      expect(turns).toBeGreaterThan(0)
    }
  })

  it.each([
    ['synchronous', (trace: Trace) => trace.counting(9)],
    ['asynchronous', (trace: Trace) => trace.countingLater(9)],
  ])('closes a %s iterator where nothing more is wanted', async (_, items) => {
    const trace = new Trace()
    const pump = trace.pump(items(trace), (value) => {
      trace.taken.push(value)
      trace.flow.isClosed = value === 2
      return undefined
    })
    await pump.toEnd(trace.open)
    expect([trace.taken, trace.events, pump.isDone]).toEqual([[1, 2], ['closed'], true])
  })

  it.each<[string, TakeValue]>([
    [
      'at once',
      () => {
        throw new Error('refused')
      },
    ],
    [
      'later',
      async () => {
        await wait(1)
        throw new Error('refused')
      },
    ],
  ])('closes an iterator whose value is refused %s, and throws the error', async (_, take) => {
    for (const items of [(trace: Trace) => trace.counting(9), (trace: Trace) => trace.countingLater(9)]) {
      const trace = new Trace()
      const pump = trace.pump(items(trace), take)
      const error = await thrown((async () => pump.toEnd(trace.open))())
      expect([error, trace.events, pump.isDone, trace.open.size]).toEqual([new Error('refused'), ['closed'], true, 0])
    }
  })

  it('reports the first error where closing fails, too', async () => {
    const trace = new Trace()
    const stubborn: Items = {
      next: () => ({ done: false, value: 1 }),
      return: () => {
        throw new Error('closing failed')
      },
    }
    const refuse: TakeValue = () => {
      throw new Error('refused')
    }
    expect(await thrown((async () => trace.pump(stubborn, refuse).toEnd(trace.open))())).toEqual(new Error('refused'))
  })

  it('does not close an iterator that failed itself, at once or later', async () => {
    let closings = 0
    const atOnce: Items = {
      next: () => {
        throw new Error('gone')
      },
      return: () => ({ done: true, value: closings++ }),
    }
    const later: Items = {
      next: () => Promise.reject(new Error('gone')),
      return: async () => ({ done: true, value: closings++ }),
    }
    for (const failing of [atOnce, later]) {
      const trace = new Trace()
      const pump = trace.pump(failing)
      expect(await thrown((async () => pump.toEnd(trace.open))())).toEqual(new Error('gone'))
      await pump.close()
      expect([closings, pump.isDone]).toEqual([0, true])
    }
  })

  it('can be closed from outside, once, and reads nothing more', async () => {
    const trace = new Trace()
    const pump = trace.pump(trace.countingLater(9))
    const reading = pump.toEnd(trace.open)
    await Promise.all([pump.close(), pump.close()])
    await reading
    expect([trace.taken, trace.events]).toEqual([[], ['closed']])
    const other = new Trace()
    const started = other.pump(other.counting(9))
    expect(started.run(2)).toBeUndefined()
    await started.close()
    await started.close()
    expect(started.run(5)).toBeUndefined()
    expect([other.taken, other.events]).toEqual([[1, 2], ['closed']])
  })

  it('closes in the context, when it is closed from outside', async () => {
    const trace = new Trace()
    const calls: string[] = []
    const inContext: RunInContext = (run) => {
      calls.push('in')
      try {
        return run()
      } finally {
        calls.push('out')
      }
    }
    const items: Items = {
      next: () => ({ done: false, value: 1 }),
      return: () => {
        calls.push('return')
        return { done: true, value: undefined }
      },
    }
    await trace.pump(items, trace.take, inContext).close()
    expect(calls).toEqual(['in', 'return', 'out'])
  })

  it('needs no way to close an iterator', async () => {
    const trace = new Trace()
    const pump = trace.pump({ next: () => ({ done: false, value: 1 }) })
    expect(pump.run(1)).toBeUndefined()
    await pump.close()
    expect(pump.isDone).toBe(true)
  })
})
