import { readFileSync } from 'node:fs'
import { digest128, PlainDate, PlainTime, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { formOf, hashKey, keyReader, legacyHashes, requireKey } from '../../src/incremental/hash-row.ts'
import { errorOf, playRun } from './play-sequence.ts'

const { hashes, from_legacy_state: fromLegacyState, sequences } = readVectors()

function readVectors() {
  const state = v.object({
    initial_value: v.unknown(),
    last_value: v.unknown(),
    unique_hashes: v.array(v.string()),
    start_value: v.unknown(),
  })
  const run = v.object({ pages: v.array(v.array(v.unknown())), passed: v.array(v.unknown()), state: v.nullable(state) })
  const primaryKey = v.nullable(v.string())
  const vectors = v.object({
    hashes: v.array(
      v.object({
        value: v.string(),
        hash: v.string(),
        hashed_json: v.optional(v.string()),
        legacy_hash: v.optional(v.string()),
        legacy_hashed_json: v.optional(v.string()),
      }),
    ),
    from_legacy_state: v.array(
      v.object({ name: v.string(), primary_key: primaryKey, start_state: state, ...run.entries, state }),
    ),
    sequences: v.array(
      v.object({
        name: v.string(),
        args: v.record(v.string(), v.unknown()),
        primary_key: primaryKey,
        runs: v.array(run),
      }),
    ),
  })
  return v.parse(vectors, JSON.parse(readFileSync(new URL('recorded/hashes.json', import.meta.url), 'utf8')))
}

/** Instants of the vectors, which name them in words. */
const instants: Readonly<Record<string, unknown>> = {
  '{"id":1,"ts":<instant 2024-01-01T00:00:00Z, any zone or naive>}': { id: 1, ts: new Date('2024-01-01T00:00:00Z') },
  '{"id":1,"ts":<instant 2024-01-01T00:00:00.000678Z>}': {
    ts: new PreciseDateTime(1_704_067_200_000_678n, true),
    id: 1,
  },
  '{"id":1,"ts":<instant 1969-12-31T23:59:59Z>}': { id: 1, ts: new Date('1969-12-31T23:59:59Z') },
  '<instant 2024-01-01T00:00:00Z>': new Date('2024-01-01T00:00:00Z'),
}

describe('hashes of the reference system', () => {
  it.each(hashes)('$value', ({ value, hash, legacy_hash: legacy }) => {
    const given: unknown = instants[value] ?? JSON.parse(value)
    expect(hashKey(given)).toBe(hash)
    if (legacy !== undefined) expect(legacyHashes(given)[0]).toBe(legacy)
  })

  it.each(hashes.filter(({ hashed_json: text }) => text !== undefined))('$hashed_json is what is hashed', (vector) => {
    expect(digest128(vector.hashed_json ?? '', 9)).toBe(vector.hash)
    expect(digest128(vector.legacy_hashed_json ?? '')).toBe(vector.legacy_hash ?? digest128(''))
  })

  it('is the beginning of the legacy hash where there are no date-times', () => {
    const row = { b: [1.5, 'x', null, true], a: { z: 1n, y: new Decimal('1.10') } }
    expect(legacyHashes(row)).toHaveLength(1)
    expect(legacyHashes(row)[0]?.slice(0, 12)).toBe(hashKey(row))
  })

  it('does not depend on the order of keys', () => {
    expect(hashKey({ a: 1, b: { c: 2, d: 3 } })).toBe(hashKey({ b: { d: 3, c: 2 }, a: 1 }))
  })

  it('takes a Map for an object, and a Set for a list', () => {
    expect(hashKey(new Map([['id', new Date(0)]]))).toBe(hashKey({ id: 0 }))
    expect(hashKey(new Set([new Date(0), 1]))).toBe(hashKey([0, 1]))
  })

  it('takes bytes and values with a JSON form for that form', () => {
    expect(hashKey({ url: new URL('http://x') })).toBe(hashKey({ url: 'http://x/' }))
    expect(hashKey(new Uint8Array([97, 98]))).toBe(hashKey('YWI='))
    expect(hashKey([Buffer.from('ab')])).toBe(hashKey(['YWI=']))
  })

  it('counts a date-time without a zone as UTC, and leaves dates and times as text', () => {
    const microseconds = 1_704_067_200_000_000n
    expect(hashKey(new PreciseDateTime(microseconds, false))).toBe('h/U5EKOHERSH')
    expect(hashKey(new PlainDate(19_723))).toBe(hashKey('2024-01-01'))
    expect(hashKey(new PlainTime(1_000_001n))).toBe(hashKey('00:00:01.000001'))
  })

  it('knows both legacy spellings of UTC', () => {
    const row = { id: 1, ts: new Date('2024-01-01T00:00:00Z') }
    expect(legacyHashes(row)).toEqual(['mc9YaWbgpX2uMw+l+nCk', 'Ju84X3kZn4XPHHOKCyYg'])
  })

  it('takes a set for legacy when one hash is', () => {
    expect(formOf([])).toBe('current')
    expect(formOf(['Tp44cKMYfAuJ'])).toBe('current')
    expect(formOf(['Tp44cKMYfAuJ', 'Cn/dwi436vBbdERZ9hKf'])).toBe('legacy')
  })
})

describe('what identifies a row', () => {
  it('reads one column as its value and several as a list', () => {
    const row = { id: 1, ts: 5 }
    expect(keyReader('id')(row)).toBe(1)
    expect(keyReader(['id'])(row)).toEqual([1])
    expect(keyReader(['id', 'ts'])(row)).toEqual([1, 5])
    expect(keyReader(undefined)(row)).toBe(row)
    expect(keyReader(() => ['ts'])(row)).toEqual([5])
    expect(keyReader('id')(new Map([['id', 7]]))).toBe(7)
    expect(keyReader('id')({ id: null })).toBeNull()
    for (const key of [1, [1, null], row, [], null]) expect(requireKey(key, 'r')).toBe(key)
  })

  it('says which column is missing', () => {
    const error = errorOf(() => requireKey(keyReader(['id', 'place'])({ id: 1 }), 'events'))
    expect(error.code).toBe('DATA')
    expect(error.context).toEqual({ resource: 'events', column: 'place' })
    expect(error.message).toBe(
      'Resource "events": an item has no "place", a column of the primary key that tells rows with the same cursor apart. Give every item that key, spelled as in the data, or set another primaryKey on the incremental; [] turns the check off.',
    )
    expect(errorOf(() => requireKey(keyReader('id')('text'), 'events')).context.column).toBe('id')
  })
})

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort()

describe('states of the reference system', () => {
  it.each(fromLegacyState)('$name', ({ start_state: stored, pages, passed, state, primary_key: key }) => {
    const played = playRun({ cursorPath: 'ts' }, pages, { stored, primaryKey: key ?? undefined })
    expect(played.passed).toEqual(passed)
    expect({ ...played.state, unique_hashes: sorted(played.state?.unique_hashes ?? []) }).toEqual(state)
  })

  const arguments_: Readonly<Record<string, string>> = {
    range_start: 'rangeStart',
    range_end: 'rangeEnd',
    initial_value: 'initialValue',
    end_value: 'endValue',
    last_value_func: 'lastValueFunc',
    on_cursor_value_missing: 'onCursorValueMissing',
  }

  it.each(sequences)('$name', ({ args, runs, primary_key: key }) => {
    const options = Object.fromEntries(Object.entries(args).map(([name, value]) => [arguments_[name] ?? name, value]))
    let stored: ReturnType<typeof playRun>['state'] = null
    for (const { pages, passed, state } of runs) {
      const played = playRun({ cursorPath: 'ts', ...options }, pages, {
        stored: stored ?? undefined,
        primaryKey: key ?? undefined,
      })
      expect(played.passed).toEqual(passed)
      expect(played.state && { ...played.state, unique_hashes: sorted(played.state.unique_hashes) }).toEqual(state)
      stored = played.state
    }
  })

  it('keeps the order of stored hashes, so that an unchanged state stays the same document', () => {
    const stored = {
      initial_value: null,
      last_value: 2,
      unique_hashes: ['Tp44cKMYfAuJ', 'Cn/dwi436vBb'],
      start_value: 1,
    }
    const played = playRun(
      { cursorPath: 'ts' },
      [
        [
          { id: 3, ts: 2 },
          { id: 2, ts: 2 },
        ],
      ],
      { stored, primaryKey: 'id' },
    )
    expect(played.state).toEqual(stored)
  })

  it('finds legacy rows with either spelling of UTC, and stores no second one', () => {
    const stored = { initial_value: null, last_value: 1, unique_hashes: ['sG4bPzkJ3GZ+2Jmzsn4x'], start_value: null }
    for (const hash of legacyHashes({ at: new Date(0), ts: 1 })) {
      const page = [{ at: new Date(0), ts: 1 }]
      const played = playRun({ cursorPath: 'ts' }, [page], { stored: { ...stored, unique_hashes: [hash] } })
      expect(played.passed).toEqual([])
      expect(played.state?.unique_hashes).toEqual([hash])
    }
  })
})
