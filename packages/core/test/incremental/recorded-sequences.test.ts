import { DltError } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { cursorValue, readCursor } from '../../src/incremental/cursor-kind.ts'
import type { IncrementalOptions, LastValueFunction } from '../../src/incremental/incremental-options.ts'
import { applyLag } from '../../src/incremental/lag.ts'
import type { StoredCursor } from '../../src/incremental/stored-cursor.ts'
import { readStoredCursor } from '../../src/incremental/stored-cursor.ts'
import { errorOf, type PlayedRun, playRun } from './play-sequence.ts'
import { meaning, type RecordedRun, type RecordedSequence, recorded } from './recorded-sequences.ts'

/** The same functions as in `record.py`. Python's `max` keeps the first of equal values. */
const functions: Readonly<Record<string, LastValueFunction<unknown>>> = {
  longest: (values) => firstMaximum(values, (value) => String(value).length),
  even_first: (values) => firstMaximum(values, (value) => (Number(value) % 2 === 0 ? 1000 : 0) + Number(value)),
  newest_by_type: ([item, last]) => {
    const newest: Record<string, unknown> = { ...Object(last) }
    const { type, at }: { type: string; at: number } = Object(item)
    if (!(type in newest) || at > Number(newest[type])) newest[type] = at
    return newest
  },
}

function firstMaximum(values: readonly unknown[], rank: (value: unknown) => number): unknown {
  return values.reduce((best, value) => (rank(value) > rank(best) ? value : best))
}

const names: Readonly<Record<string, keyof IncrementalOptions>> = {
  cursor_path: 'cursorPath',
  initial_value: 'initialValue',
  end_value: 'endValue',
  last_value_func: 'lastValueFunc',
  primary_key: 'primaryKey',
  range_start: 'rangeStart',
  range_end: 'rangeEnd',
  row_order: 'rowOrder',
  on_cursor_value_missing: 'onCursorValueMissing',
  lag: 'lag',
}

function optionsOf(sequence: RecordedSequence): IncrementalOptions {
  const entries = Object.entries(sequence.options).map(([name, value]) => [
    names[name] ?? name,
    name === 'last_value_func' ? (functions[String(value)] ?? value) : value,
  ])
  return { cursorPath: 'ts', ...Object.fromEntries(entries) }
}

function stateOf(state: object | null | undefined): unknown {
  if (state === null || state === undefined) return null
  const stored = readStoredCursor(state, { resource: 'items', cursorPath: 'ts' })
  return meaning({ ...stored, unique_hashes: [...(stored?.unique_hashes ?? [])].sort() })
}

function expectSame(played: PlayedRun, run: RecordedRun): void {
  expect(meaning(played.passed)).toEqual(meaning(run.passed))
  expect(meaning(played.begin)).toEqual(meaning(run.begin))
  expect(meaning(played.seen)).toEqual(meaning(run.seen))
  expect(stateOf(played.state)).toEqual(stateOf(run.state))
  if (played.state !== null) {
    expect(Object.keys(played.state)).toEqual(['initial_value', 'last_value', 'unique_hashes', 'start_value'])
  }
}

/** How the reference system's errors are told apart here. */
const errors: Readonly<Record<string, (error: DltError) => boolean>> = {
  IncrementalCursorPathMissing: (error) => error.context['found'] === 'missing',
  IncrementalCursorPathHasValueNone: (error) => error.context['found'] === 'null',
  IncrementalCursorInvalidCoercion: (error) => error.context['comparedKind'] !== undefined,
  IncrementalPrimaryKeyMissing: (error) => error.context.column !== undefined,
}

describe('runs recorded from the reference system', () => {
  it('has recorded at least 60 sequences of several runs', () => {
    expect(recorded.sequences.filter(({ runs }) => runs.length > 1).length).toBeGreaterThanOrEqual(60)
  })

  it.each(recorded.sequences.map((sequence) => [sequence.name, sequence] as const))('%s', (_, sequence) => {
    const options = optionsOf(sequence)
    const primaryKey = sequence.resource_primary_key ?? undefined
    let stored: StoredCursor | undefined
    for (const run of sequence.runs) {
      if (run.error === undefined) {
        const played = playRun(options, run.pages, { stored, primaryKey })
        expectSame(played, run)
        stored = played.state ?? undefined
      } else {
        const error = errorOf(() => playRun(options, run.pages, { stored, primaryKey }))
        expect(DltError.is(error) && errors[run.error]?.(error), `${run.error}: ${error.message}`).toBe(true)
      }
    }
  })
})

describe('runs that go on from a state that the reference system stored', () => {
  const continued = recorded.sequences.filter(
    ({ runs }) => runs.length > 1 && runs.every(({ error }) => error === undefined),
  )

  it.each(continued.map((sequence) => [sequence.name, sequence] as const))('%s', (_, sequence) => {
    const options = optionsOf(sequence)
    const primaryKey = sequence.resource_primary_key ?? undefined
    for (const [index, run] of sequence.runs.entries()) {
      const before = sequence.runs[index - 1]?.state ?? undefined
      const stored = readStoredCursor(before, { resource: 'items', cursorPath: 'ts' })
      expectSame(playRun(options, run.pages, { stored, primaryKey }), run)
    }
  })
})

describe('values moved back by a lag, recorded from the reference system', () => {
  it.each(
    recorded.lags.map(
      (entry) =>
        [`${entry.func} of ${meaning(entry.value)}, lag ${entry.lag}, initial ${entry.initial}`, entry] as const,
    ),
  )('%s', (_, { func, initial, value, lag, result }) => {
    const last = readCursor(value)
    if (last === undefined) throw new Error('not a cursor')
    const settings = { lag, lastValueFunc: func, initialValue: initial, timeZone: 'UTC', resource: 'items' }
    expect(meaning(cursorValue(applyLag(settings, last)))).toEqual(meaning(result))
  })
})
