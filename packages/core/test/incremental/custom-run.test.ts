import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncrementalOptions, LastValueFunction } from '../../src/incremental/incremental-options.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import type { StoredCursor } from '../../src/incremental/stored-cursor.ts'
import { errorOf, playRun } from './play-sequence.ts'

const maximum: LastValueFunction<unknown> = (values) => Math.max(...values.map(Number))
const minimum: LastValueFunction<unknown> = (values) => Math.min(...values.map(Number))

const pages = fc.array(
  fc.array(
    fc.record(
      { id: fc.integer({ min: 0, max: 5 }), at: fc.option(fc.integer({ min: -4, max: 5 }), { freq: 9 }) },
      { requiredKeys: ['id'], noNullPrototype: true },
    ),
    { maxLength: 8 },
  ),
  { maxLength: 3 },
)

const settings = fc.record({
  lastValueFunc: fc.constantFrom('max' as const, 'min' as const),
  bounds: fc.tuple(fc.integer({ min: -4, max: 5 }), fc.integer({ min: -4, max: 5 })),
  bounded: fc.constantFrom('no', 'start', 'both'),
  rangeStart: fc.constantFrom('open' as const, 'closed' as const),
  rangeEnd: fc.constantFrom('open' as const, 'closed' as const),
  onCursorValueMissing: fc.constantFrom('include' as const, 'exclude' as const),
  rowOrder: fc.constantFrom('asc' as const, 'desc' as const, undefined),
  primaryKey: fc.constantFrom('id', ['id', 'at'], [], undefined),
})

type Settings = typeof settings extends fc.Arbitrary<infer Value> ? Value : never

function optionsOf({ bounds, bounded, rowOrder, primaryKey, ...rest }: Settings): IncrementalOptions {
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)]
  const [from, to] = rest.lastValueFunc === 'max' ? [low, high] : [high, low]
  return {
    ...rest,
    cursorPath: 'at',
    ...(bounded === 'no' ? {} : { initialValue: from }),
    ...(bounded === 'both' ? { endValue: to } : {}),
    ...(rowOrder === undefined ? {} : { rowOrder }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
  }
}

/** Rows that have every column of the key: a null in it counts, a missing one is an error. */
function withKeys(run: readonly (readonly { readonly id: number; readonly at?: number | null }[])[]) {
  return run.map((page) => page.map((row) => ({ at: null, ...row })))
}

describe('a function that is max or min', () => {
  it('does what max and min do', () => {
    fc.assert(
      fc.property(settings, fc.array(pages, { minLength: 1, maxLength: 3 }), (given, runs) => {
        const ordered = optionsOf(given)
        const custom = { ...ordered, lastValueFunc: given.lastValueFunc === 'max' ? maximum : minimum }
        let stored: StoredCursor | undefined
        for (const run of runs.map(withKeys)) {
          const expected = playRun(ordered, run, { stored })
          expect(playRun(custom, run, { stored })).toEqual(expected)
          stored = expected.state ?? undefined
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a function over whole items', () => {
  /** Keeps the newest time of each type, as in the reference's documentation. */
  const newestByType: LastValueFunction<unknown> = ([item, last]) => {
    const { type, at }: { readonly type: string; readonly at: number } = Object(item)
    const newest: Readonly<Record<string, number>> = { ...Object(last) }
    return at > (newest[type] ?? Number.NEGATIVE_INFINITY) ? { ...newest, [type]: at } : newest
  }
  const options: IncrementalOptions = { cursorPath: '$', lastValueFunc: newestByType, primaryKey: 'id' }

  it('passes what is newer for its type', () => {
    const first = playRun(options, [
      [
        { id: 1, type: 'push', at: 5 },
        { id: 2, type: 'fork', at: 3 },
        { id: 3, type: 'push', at: 4 },
      ],
    ])
    expect(first.passed.map((item) => Object(item).id)).toEqual([1, 2, 3])
    expect(first.state?.last_value).toEqual({ push: 5, fork: 3 })
    const second = playRun(
      options,
      [
        [
          { id: 4, type: 'push', at: 4 },
          { id: 5, type: 'fork', at: 9 },
          { id: 6, type: 'star', at: 1 },
        ],
      ],
      { stored: first.state ?? undefined },
    )
    expect(second.passed.map((item) => Object(item).id)).toEqual([5, 6])
    expect(second.state).toMatchObject({
      last_value: { push: 5, fork: 9, star: 1 },
      start_value: { push: 5, fork: 3 },
    })
  })

  it('remembers what it chose, whatever becomes of the item', () => {
    const run = openIncremental(
      {
        cursorPath: '$',
        lastValueFunc: ([item, last]) => (last === undefined || Object(item).at > Object(last).at ? item : last),
      },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    const item = { at: 0 }
    for (item.at = 1; item.at <= 3; item.at++) expect(run.admit(item)).toBe(true)
    item.at = 100
    expect(run.result()?.last_value).toEqual({ at: 3 })
  })

  it('starts from an object that is given', () => {
    const page = [3, 4, 5].map((at) => ({ id: at, type: 'push', at }))
    const played = playRun({ ...options, initialValue: { push: 4 } }, [page])
    expect(played.begin).toEqual({ start_value: { push: 4 }, last_value: { push: 4 } })
    expect(played.passed).toEqual(page.slice(1))
  })

  it('may not return something that is no value', () => {
    const broken: IncrementalOptions = { cursorPath: '$', lastValueFunc: ([item]) => Object(item).missing.at }
    expect(errorOf(() => playRun(broken, [[{ id: 1 }]])).cause).toBeInstanceOf(TypeError)
  })
})
