import { describe, expect, it } from 'vitest'
import { resource } from '../../src/declare/declare-resource.ts'
import { transformer } from '../../src/declare/declare-transformer.ts'
import type { Resource } from '../../src/declare/resource.ts'
import { materializeTable, withTableName } from '../../src/hints/item-marks.ts'
import { iteratePipes } from '../../src/pipe/iterate-pipes.ts'
import { testRun, thrown, wait } from './read-resources.ts'

const items = (resources: readonly Resource[]): AsyncGenerator<unknown> =>
  iteratePipes(resources.map((each) => ({ resource: each, run: testRun(), isSelected: each.selected })))

async function all(...resources: Resource[]): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const item of items(resources)) found.push(item)
  return found
}

function* counting(log: string[], name = ''): Generator<number> {
  try {
    for (let number = 1; ; number++) {
      log.push(`${name}${number}`)
      yield number
    }
  } finally {
    log.push('closed')
  }
}

function cannotBeClosed(): never {
  throw new Error('cannot be closed')
}

describe('leaving by break', () => {
  const failing = (data: () => Iterable<number> | AsyncIterable<number>): (() => Promise<void>) => {
    return async () => {
      for await (const _ of items([resource({ name: 'failing' }, data)])) break
    }
  }

  it.each<[string, () => Iterable<number> | AsyncIterable<number>]>([
    [
      'a generator',
      function* () {
        try {
          yield 1
          yield 2
        } finally {
          cannotBeClosed()
        }
      },
    ],
    [
      'an asynchronous generator',
      async function* () {
        try {
          yield 1
          yield 2
        } finally {
          await Promise.resolve()
          cannotBeClosed()
        }
      },
    ],
  ])('does not lose what %s throws when it is closed', async (_, data) => {
    await expect(failing(data)()).rejects.toThrow('cannot be closed')
  })

  it('throws nothing where closing works, also when code is stopped by the signal', async () => {
    const waiting = resource({ name: 'waiting' }, async function* ({ signal }) {
      yield 1
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    })
    for await (const _ of waiting) break
    for await (const _ of resource({ name: 'fine' }, () => counting([]))) break
  })
})

describe('iterating resources', () => {
  it('gives the items of all selected ones, in turns, through their steps', async () => {
    const a = resource({ name: 'a' }, () => [1, 2, 3])
    const b = resource({ name: 'b' }, () => [10, 20])
    expect(
      await all(
        a.addMap((item) => item + 0.5),
        b,
      ),
    ).toEqual([1.5, 10, 2.5, 20, 3.5])
  })

  it('gives the items of transformers; a parent that is not selected is read and not given', async () => {
    const parent = resource({ name: 'parent', selected: false }, () => [[1, 2], 3])
    const child = transformer({ name: 'child', dataFrom: parent, concurrency: 2 }, async (item) => [item, -item])
    expect(await all(parent, child)).toEqual([1, -1, 2, -2, 3, -3])
    expect(await all(parent.select(), child)).toHaveLength(9)
  })

  it('gives what is marked without its mark, and no empty tables', async () => {
    const marked = resource({ name: 'a' }, () => [
      withTableName(1, 't'),
      withTableName([2, 3], 't'),
      materializeTable(),
    ])
    expect(await all(marked)).toEqual([1, 2, 3])
  })

  it('reads nothing before it is asked, and nothing more than is asked for', async () => {
    const log: string[] = []
    const iterator = items([resource({ name: 'a' }, () => counting(log))])
    await wait(2)
    expect(log).toEqual([])
    for (const expected of ['1', '2', '3']) {
      await iterator.next()
      await wait(2)
      expect(log.at(-1)).toBe(expected)
    }
    await iterator.return(undefined)
  })

  it('reads no more of a page of promises, or through an asynchronous step, than is asked for', async () => {
    const log: string[] = []
    const stepped = resource({ name: 'a' }, () => counting(log)).addMap(async (item) => item * 2)
    const iterator = items([stepped])
    expect((await iterator.next()).value).toBe(2)
    await wait(2)
    expect(log).toEqual(['1'])
    await iterator.return(undefined)
  })

  it('closes all generators when the reader stops, and waits for that', async () => {
    const log: string[] = []
    const seen: unknown[] = []
    async function* later(): AsyncGenerator<number> {
      try {
        for (;;) yield 0
      } finally {
        await wait(2)
        log.push('closed later')
      }
    }
    for await (const item of items([resource({ name: 'a' }, () => counting(log)), resource({ name: 'b' }, later)])) {
      seen.push(item)
      if (seen.length === 4) break
    }
    expect(seen).toHaveLength(4)
    expect(log.slice(-2).toSorted()).toEqual(['closed', 'closed later'])
  })

  it('closes a generator that is asked for its first item only, where the reader stops at once', async () => {
    const log: string[] = []
    for await (const item of items([resource({ name: 'a' }, () => counting(log))])) {
      expect(item).toBe(1)
      break
    }
    expect(log).toEqual(['1', 'closed'])
  })

  it('passes errors on as they were thrown, after the items before them', async () => {
    const cause = new TypeError('gone')
    const failing = resource({ name: 'a' }, function* () {
      yield 1
      throw cause
    })
    const iterator = items([failing])
    expect((await iterator.next()).value).toBe(1)
    expect(await thrown(iterator.next())).toBe(cause)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    const step = resource({ name: 'a' }, () => [1]).addMap(() => {
      throw cause
    })
    expect(await thrown(all(step))).toBe(cause)
    const parent = resource({ name: 'p' }, () => [1])
    for (const concurrency of [1, 2]) {
      const child = transformer({ name: 'child', dataFrom: parent, concurrency }, async () => {
        throw cause
      })
      expect(await thrown(all(parent.select(false), child))).toBe(cause)
    }
  })

  it('can be done again where the data is a function', async () => {
    const again = resource({ name: 'a' }, () => [1, 2])
    expect(await all(again)).toEqual([1, 2])
    expect(await all(again)).toEqual([1, 2])
  })
})
