import { digest128, plainJson } from '@dlt/schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncrementalOptions } from '../../src/incremental/incremental-options.ts'
import type { StoredCursor } from '../../src/incremental/stored-cursor.ts'
import { playRun } from './play-sequence.ts'

interface Row {
  readonly id: number
  readonly ts?: number | null
}

interface ModelOptions {
  readonly lastValueFunc: 'max' | 'min'
  readonly initialValue?: number
  readonly endValue?: number
  readonly rangeStart: 'open' | 'closed'
  readonly rangeEnd: 'open' | 'closed'
  readonly lag?: number
  readonly onCursorValueMissing: 'include' | 'exclude'
  readonly rowOrder?: 'asc' | 'desc'
  readonly hasKey: boolean
}

interface ModelRun {
  readonly passed: readonly Row[]
  readonly state: StoredCursor | null
}

const hash = (row: Row): string => digest128(plainJson(row.id), 9)

/** The rules as they are written down for the reference system: row by row, every row of the last value kept until the end. */
function modelRun(options: ModelOptions, pages: readonly (readonly Row[])[], persisted: StoredCursor | null): ModelRun {
  const func = (values: readonly number[]): number => Math[options.lastValueFunc](...values)
  const { initialValue: initial = null, endValue: end = null, lag = 0 } = options
  const fresh = { initial_value: initial, last_value: initial, unique_hashes: [], start_value: initial }
  const state = end === null && persisted !== null ? persisted : fresh
  const atBind = state.last_value === null ? null : Number(state.last_value)
  let start = atBind
  if (lag !== 0 && atBind !== null && end === null) {
    const lagged = options.lastValueFunc === 'max' ? atBind - lag : atBind + lag
    start = initial !== null && func([initial, lagged]) === initial ? initial : lagged
  }
  const isDeduplicated = options.rangeStart === 'closed' && end === null && lag === 0 && options.hasKey
  const startHashes = new Set(state.unique_hashes)
  let hashes = new Set(startHashes)
  let last = start
  let remembered: Row[] = []
  let [hasItems, closed] = [false, false]
  const passed: Row[] = []

  const decide = (row: Row): boolean => {
    const value = row.ts ?? null
    if (value === null) return options.onCursorValueMissing === 'include'
    if (end !== null) {
      const isBehind = func([value, end]) !== end || (options.rangeEnd === 'open' && value === end)
      if (isBehind) {
        if (options.rowOrder === 'asc') closed = true
        return false
      }
    }
    const next = last === null ? value : func([value, last])
    if (next === last) {
      const isBefore =
        (options.rangeStart === 'open' && value === start) ||
        (start !== null && func([value, start]) === start && value !== start) ||
        (value === start && isDeduplicated && startHashes.has(hash(row)))
      if (isBefore) {
        if (options.rowOrder === 'desc') closed = true
        return false
      }
      if (value === last) remembered.push(row)
      return true
    }
    last = next
    remembered = [row]
    hashes = new Set()
    return true
  }

  for (const page of pages) {
    for (const row of page) {
      hasItems = true
      if (decide(row)) passed.push(row)
    }
    if (closed) break
  }
  if (end !== null) return { passed, state: null }
  if (!hasItems) return { passed, state }
  const stored = atBind !== null && lag !== 0 && last !== null ? func([atBind, last]) : last
  for (const row of remembered) hashes.add(hash(row))
  return {
    passed,
    state: {
      initial_value: state.initial_value,
      last_value: stored,
      unique_hashes: isDeduplicated ? [...hashes] : [],
      start_value: passed.length > 0 ? atBind : state.start_value,
    },
  }
}

const rows: fc.Arbitrary<Row> = fc.record(
  { id: fc.integer({ min: 0, max: 6 }), ts: fc.option(fc.integer({ min: -5, max: 6 }), { freq: 8 }) },
  { requiredKeys: ['id'] },
)
const pages = fc.array(fc.array(rows, { maxLength: 8 }), { maxLength: 4 })

const options: fc.Arbitrary<ModelOptions> = fc
  .record(
    {
      lastValueFunc: fc.constantFrom('max', 'min'),
      bounds: fc.tuple(fc.integer({ min: -5, max: 6 }), fc.integer({ min: -5, max: 6 })),
      bounded: fc.constantFrom('no', 'start', 'both'),
      rangeStart: fc.constantFrom('open', 'closed'),
      rangeEnd: fc.constantFrom('open', 'closed'),
      lag: fc.constantFrom(0, 0, 1, 3),
      onCursorValueMissing: fc.constantFrom('include', 'exclude'),
      rowOrder: fc.constantFrom('asc', 'desc', 'none'),
      hasKey: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  .map(({ bounds, bounded, lag, rowOrder, ...rest }): ModelOptions => {
    const [low, high] = [Math.min(...bounds), Math.max(...bounds)]
    const [from, to] = rest.lastValueFunc === 'max' ? [low, high] : [high, low]
    return {
      ...rest,
      ...(bounded === 'no' ? {} : { initialValue: from }),
      ...(bounded === 'both' ? { endValue: to } : {}),
      ...(lag === 0 ? {} : { lag }),
      ...(rowOrder === 'none' ? {} : { rowOrder }),
    }
  })

/** The cursors of a row in another kind that orders alike. */
const kinds: readonly { readonly name: string; readonly of: (value: number) => unknown }[] = [
  { name: 'numbers', of: (value) => value },
  { name: 'bigints', of: (value) => BigInt(value) },
  { name: 'numbers and bigints', of: (value) => (value % 2 === 0 ? BigInt(value) : value) },
  { name: 'dates', of: (value) => new Date(value * 1000) },
  { name: 'texts', of: (value) => `2024-01-01T00:00:${String(value + 10).padStart(2, '0')}Z` },
]

function inKind(of: (value: number) => unknown, value: number | null | undefined): unknown {
  return value === null || value === undefined ? value : of(value)
}

function optionsInKind({ hasKey, ...given }: ModelOptions, of: (value: number) => unknown): IncrementalOptions {
  return {
    ...given,
    cursorPath: 'ts',
    ...(given.initialValue === undefined ? {} : { initialValue: of(given.initialValue) }),
    ...(given.endValue === undefined ? {} : { endValue: of(given.endValue) }),
    primaryKey: hasKey ? 'id' : [],
  }
}

function comparable(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'bigint' ? Number(value) : value
}

describe.each(kinds)('runs over $name do what the rules say, row by row', ({ of }) => {
  it('passes the same rows and stores the same state', () => {
    fc.assert(
      fc.property(options, fc.array(pages, { minLength: 1, maxLength: 4 }), (given, runs) => {
        let model: StoredCursor | null = null
        let stored: StoredCursor | null = null
        for (const run of runs) {
          const expected = modelRun(given, run, model)
          const played = playRun(
            optionsInKind(given, of),
            run.map((page) => page.map((row) => ('ts' in row ? { ...row, ts: inKind(of, row.ts) } : row))),
            { stored: stored ?? undefined },
          )
          expect(played.passed).toEqual(
            expected.passed.map((row) => ('ts' in row ? { ...row, ts: inKind(of, row.ts) } : row)),
          )
          expectState(played.state, expected.state, of)
          model = expected.state
          stored = played.state
        }
      }),
      { numRuns: 300 },
    )
  })
})

function expectState(state: StoredCursor | null, model: StoredCursor | null, of: (value: number) => unknown): void {
  if (model === null) {
    expect(state).toBeNull()
    return
  }
  const value = (given: unknown): unknown => comparable(given === null ? null : of(Number(given)))
  expect(comparable(state?.last_value)).toEqual(value(model.last_value))
  expect(comparable(state?.start_value)).toEqual(value(model.start_value))
  expect(comparable(state?.initial_value)).toEqual(value(model.initial_value))
  expect([...(state?.unique_hashes ?? [])].sort()).toEqual([...model.unique_hashes].sort())
}

describe('runs one after another', () => {
  const whole = fc.array(fc.record({ id: fc.integer({ min: 0, max: 9 }), ts: fc.integer({ min: 0, max: 9 }) }), {
    maxLength: 30,
  })

  it('load every row of a growing source once, wherever the runs are cut', () => {
    fc.assert(
      fc.property(whole, fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 4 }), (unsorted, cuts) => {
        const unique = new Map(unsorted.map((row) => [row.id, row]))
        const source = [...unique.values()].sort((left, right) => left.ts - right.ts)
        const loaded: unknown[] = []
        let stored: StoredCursor | null = null
        for (const cut of [...cuts.sort((left, right) => left - right), source.length]) {
          const played = playRun({ cursorPath: 'ts', primaryKey: 'id' }, [source.slice(0, cut)], {
            stored: stored ?? undefined,
          })
          loaded.push(...played.passed)
          stored = played.state
        }
        expect(loaded).toEqual(source)
      }),
    )
  })

  it('pass the same rows however they are cut into pages', () => {
    fc.assert(
      fc.property(options, pages, (given, run) => {
        const rowsOfRun = run.flat()
        const { rowOrder: _, ...unordered } = given
        const settings = optionsInKind(unordered, (value) => value)
        const paged = playRun(settings, run)
        const single = playRun(settings, rowsOfRun.length === 0 ? [] : [rowsOfRun])
        expect(single.passed).toEqual(paged.passed)
        expect(single.state).toEqual(paged.state)
      }),
    )
  })
})
