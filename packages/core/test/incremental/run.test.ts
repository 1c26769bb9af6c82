import { PlainDate, PreciseDateTime } from '@dlt/schema'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { maximumBoundaryHashes } from '../../src/incremental/boundary-rows.ts'
import type { IncrementalOptions } from '../../src/incremental/incremental-options.ts'
import { openIncremental } from '../../src/incremental/open-incremental.ts'
import { readStoredCursor, type StoredCursor } from '../../src/incremental/stored-cursor.ts'
import { errorOf, playRun } from './play-sequence.ts'

function storedAt(last_value: unknown, unique_hashes: readonly string[] = []): StoredCursor {
  return { initial_value: null, last_value, unique_hashes, start_value: null }
}

function admitAll(options: IncrementalOptions, values: readonly unknown[], stored?: StoredCursor): readonly boolean[] {
  const run = openIncremental(options, { stored, resource: 'items', warn: () => {} })
  return values.map((at) => run.admit({ at }))
}

describe('a cursor that is missing', () => {
  it('fails the resource, telling missing from null', () => {
    const missing = errorOf(() => playRun({ cursorPath: 'updated_at' }, [[{ id: 1 }]]))
    expect(missing.code).toBe('DATA')
    expect(missing.context).toEqual({ resource: 'items', cursor: 'updated_at', found: 'missing' })
    expect(missing.message).toBe(
      `Resource "items": an item has nothing at the cursor path "updated_at". Spell it as in the data, not as in the database. Set onCursorValueMissing: 'include' to load such items, or 'exclude' to drop them.`,
    )
    const empty = errorOf(() => playRun({ cursorPath: '$.a.b' }, [[{ a: { b: null } }]]))
    expect(empty.context).toEqual({ resource: 'items', cursor: '$.a.b', found: 'null' })
    expect(empty.message).toBe(
      `Resource "items": the cursor "$.a.b" of an item is null. Set onCursorValueMissing: 'include' to load such items, or 'exclude' to drop them.`,
    )
  })

  it('takes a key without a value for missing', () => {
    expect(errorOf(() => playRun({ cursorPath: 'at' }, [[{ at: undefined }]])).context['found']).toBe('missing')
  })

  it('drops what is no item at all', () => {
    expect(playRun({ cursorPath: 'at', onCursorValueMissing: 'include' }, [[null, undefined]])).toMatchObject({
      passed: [],
      state: storedAt(null),
    })
  })

  it('is an item that was read, though it is dropped', () => {
    const options = { cursorPath: 'at', rangeStart: 'open', onCursorValueMissing: 'exclude', initialValue: 5 } as const
    const stored = storedAt(5, ['Tp44cKMYfAuJ'])
    const played = playRun(options, [[{ at: 4 }], [{ at: null }]], { stored })
    expect(played.seen.map((page) => page.start_out_of_range)).toEqual([true, false])
    expect(playRun(options, [[{ at: null }]], { stored }).state).toEqual(storedAt(5))
  })

  it('holds for items that are no objects', () => {
    expect(errorOf(() => playRun({ cursorPath: 'at' }, [[5]])).context['found']).toBe('missing')
    expect(playRun({ cursorPath: 'at', onCursorValueMissing: 'include' }, [['text']]).passed).toEqual(['text'])
  })
})

describe('cursors of different kinds', () => {
  const remedy =
    'Values of different kinds are not compared: make them one kind, with addMap on the resource or by another initialValue; a value that an earlier run stored changes with a new cursorPath or a refresh.'

  it.each([
    ['a text', '2024-01-01', 5, 'a number'],
    ['a text', '2024-01-01', new Date(0), 'a date-time with a time zone'],
    ['a date-time with a time zone', new Date(0), '2024-01-01T00:00:00Z', 'a text'],
    ['a date-time with a time zone', new Date(0), 0, 'a number'],
    ['a number', 0, new Date(0), 'a date-time with a time zone'],
    ['a number', new Decimal(1), '1', 'a text'],
    ['a date', new PlainDate(5), new Date(0), 'a date-time with a time zone'],
    ['a date-time without a time zone', new PreciseDateTime(0n, false), new PlainDate(5), 'a date'],
  ])('are not compared (%#): %s in an item', (itemKind, at, last, comparedKind) => {
    const error = errorOf(() => admitAll({ cursorPath: 'at' }, [at], storedAt(last)))
    expect(error.code).toBe('DATA')
    expect(error.context).toEqual({ resource: 'items', cursor: 'at', itemKind, comparedKind })
    expect(error.message).toBe(
      `Resource "items": the cursor "at" is ${itemKind} in an item, but the last value is ${comparedKind}. ${remedy}`,
    )
  })

  it('are found within a run too', () => {
    const message = (cursors: readonly unknown[]) => errorOf(() => admitAll({ cursorPath: 'at' }, cursors)).message
    expect(message([1, 2, '3'])).toContain('is a text in an item, but the last value is a number.')
    expect(message(['1', 2])).toContain('is a number in an item, but the last value is a text.')
    expect(message([new Date(1), 2])).toContain(
      'is a number in an item, but the last value is a date-time with a time zone.',
    )
  })

  it('are compared with the end value by name', () => {
    const error = errorOf(() => admitAll({ cursorPath: 'at', initialValue: 1, endValue: 5 }, ['secret']))
    expect(error.message).toBe(
      'Resource "items": the cursor "at" is a text in an item, but endValue is a number. Values of different kinds are not compared: make them one kind, with addMap on the resource or by another endValue.',
    )
  })

  it.each([
    [true, 'a boolean'],
    [[1], 'a list'],
    [{ secret: 1 }, 'an object'],
    [Number.NaN, 'a number that is not finite'],
    [Number.POSITIVE_INFINITY, 'a number that is not finite'],
    [new Decimal('NaN'), 'a number that is not finite'],
    [new Date(Number.NaN), 'an invalid Date'],
    [Symbol('x'), 'a symbol'],
  ])('have no order: case %#', (at, kind) => {
    for (const before of [[], [1]]) {
      const error = errorOf(() => admitAll({ cursorPath: 'at' }, [...before, at]))
      expect(error.context).toEqual({ resource: 'items', cursor: 'at', itemKind: kind })
      expect(error.message).toBe(
        `Resource "items": the cursor "at" is ${kind} in an item, which has no order. Point cursorPath at a number, text, date or date-time, or give a lastValueFunc that orders such values.`,
      )
    }
  })

  it('cannot start from a stored value without order', () => {
    const error = errorOf(() => admitAll({ cursorPath: 'at' }, [], storedAt({ push: 1 })))
    expect(error.code).toBe('STATE')
    expect(error.message).toBe(
      'Resource "items": the stored last value of the cursor "at" is an object, which has no order. Give the lastValueFunc that it was stored with, change cursorPath, or load the resource anew with a refresh.',
    )
  })

  it('are compared exactly where they are numbers', () => {
    const large = 2n ** 60n
    expect(admitAll({ cursorPath: 'at' }, [large - 1n, large, 2 ** 60, large + 1n], storedAt(large))).toEqual([
      false,
      true,
      true,
      true,
    ])
    expect(admitAll({ cursorPath: 'at', rangeStart: 'open' }, [2 ** 60, large + 1n], storedAt(large))).toEqual([
      false,
      true,
    ])
    expect(admitAll({ cursorPath: 'at' }, [new Decimal('0.1'), 0.1, 0], storedAt(new Decimal('0.1')))).toEqual([
      true,
      true,
      false,
    ])
    expect(admitAll({ cursorPath: 'at' }, [10n ** 30n, new Decimal('1e30')], storedAt(new Decimal('1e30')))).toEqual([
      true,
      true,
    ])
  })
})

describe('date-times', () => {
  const instant = (text: string): Date => new Date(text)

  it('compare to the microsecond, beyond the year 2255 too', () => {
    const last = new PreciseDateTime(1_704_067_200_000_001n, true)
    const values = [
      instant('2024-01-01'),
      last,
      new PreciseDateTime(1_704_067_200_000_002n, true),
      instant('9999-12-31'),
    ]
    expect(admitAll({ cursorPath: 'at' }, values, storedAt(last))).toEqual([false, true, true, true])
    expect(
      admitAll({ cursorPath: 'at' }, [instant('9999-12-30'), instant('9999-12-31')], storedAt(instant('9999-12-31'))),
    ).toEqual([false, true])
    expect(playRun({ cursorPath: 'at' }, [[{ at: instant('9999-12-31') }]]).state?.last_value).toEqual(
      instant('9999-12-31'),
    )
  })

  it('lose nothing where microseconds are no safe integers', () => {
    const at = new Date(253_402_214_400_001)
    expect(playRun({ cursorPath: 'at' }, [[{ at }]]).state?.last_value).toEqual(at)
    expect(admitAll({ cursorPath: 'at', rangeStart: 'open' }, [at], storedAt(at))).toEqual([false])
  })

  it('are not changed by later changes of a Date', () => {
    const at = instant('2024-01-01')
    const run = openIncremental(
      { cursorPath: 'at', primaryKey: [] },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    run.admit({ at })
    at.setFullYear(2030)
    expect(run.result()?.last_value).toEqual(instant('2024-01-01'))
  })

  it('without a zone are read in the zone of the context, said by a warning', () => {
    const stored = storedAt(new PreciseDateTime(BigInt(Date.parse('2024-07-01T12:00:00Z')) * 1000n, false))
    const warnings: string[] = []
    const run = openIncremental(
      { cursorPath: 'at' },
      {
        stored,
        resource: 'items',
        schedule: { timeZone: 'Europe/Berlin' },
        warn: (message) => warnings.push(message),
      },
    )
    expect(run.admit({ at: instant('2024-07-01T09:59:59Z') })).toBe(false)
    expect(run.admit({ at: instant('2024-07-01T10:00:00Z') })).toBe(true)
    expect(warnings).toEqual([
      'Resource "items": the items\' cursor "at" has a time zone, but the value to start from has none. It is read in the zone Europe/Berlin. Check initialValue, or whether the data changed between runs.',
    ])
    expect(run.result()?.last_value).toEqual(instant('2024-07-01T10:00:00Z'))
  })

  it('with a zone become clock times where the items have none', () => {
    const played = playRun({ cursorPath: 'at', initialValue: instant('2024-01-01'), endValue: instant('2024-01-02') }, [
      ['2023-12-31T23:59', '2024-01-01T00:00', '2024-01-02T00:00'].map((text) => ({
        at: new PreciseDateTime(BigInt(Date.parse(`${text}Z`)) * 1000n, false),
      })),
    ])
    expect(played.passed).toHaveLength(1)
    expect(played.warnings[0]).toBe(
      'Resource "items": the items\' cursor "at" has no time zone, but the value to start from has one. It is read in the zone UTC. Check initialValue, or whether the data changed between runs.',
    )
  })

  it('keep the stored value where a lag starts before it, also when their zone changes', () => {
    const noon = new PreciseDateTime(BigInt(Date.parse('2024-01-01T12:00:00Z')) * 1000n, false)
    const run = openIncremental(
      { cursorPath: 'at', lag: 7200 },
      { stored: storedAt(noon), resource: 'items', schedule: { timeZone: 'Europe/Berlin' }, warn: () => {} },
    )
    expect(run.admit({ at: instant('2024-01-01T08:59:00Z') })).toBe(false)
    expect(run.admit({ at: instant('2024-01-01T10:00:00Z') })).toBe(true)
    expect(run.result()?.last_value).toEqual(instant('2024-01-01T11:00:00Z'))
  })

  it('may not lose their zone within a run', () => {
    const values = [instant('2024-01-01'), new PreciseDateTime(0n, false)]
    expect(errorOf(() => admitAll({ cursorPath: 'at' }, values)).context['itemKind']).toBe(
      'a date-time without a time zone',
    )
  })
})

describe('what the function of a resource sees', () => {
  it('begins with the declared value, and moves while items are read', () => {
    const run = openIncremental(
      { cursorPath: 'at', initialValue: 5 },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    const { view } = run
    expect([view.initialValue, view.startValue, view.lastValue, view.endValue]).toEqual([5, 5, 5, undefined])
    run.admit({ at: 7 })
    expect([view.startValue, view.lastValue]).toEqual([5, 7])
  })

  it('has no values at all in a first run without an initial value', () => {
    const { view } = openIncremental({ cursorPath: 'at' }, { stored: undefined, resource: 'items', warn: () => {} })
    expect([view.initialValue, view.startValue, view.lastValue, view.endValue]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('says where the item read last was', () => {
    const run = openIncremental(
      { cursorPath: 'at', initialValue: 5, endValue: 9, rowOrder: 'asc' },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    const flags = (at: number): readonly boolean[] => {
      run.admit({ at })
      return [run.view.startOutOfRange, run.view.endOutOfRange, run.view.canClose()]
    }
    expect(flags(4)).toEqual([true, false, false])
    expect(flags(5)).toEqual([false, false, false])
    expect(flags(9)).toEqual([false, true, true])
    expect(flags(6)).toEqual([false, false, true])
  })

  it('starts before the last value by the lag', () => {
    const { view } = openIncremental(
      { cursorPath: 'at', initialValue: new Date('2024-01-01T00:00:00Z'), lag: 60 },
      { stored: storedAt(new Date('2024-01-01T01:00:00Z')), resource: 'items', warn: () => {} },
    )
    expect(view.startValue).toEqual(new Date('2024-01-01T00:59:00Z'))
    expect(view.lastValue).toEqual(new Date('2024-01-01T00:59:00Z'))
  })
})

describe('a future or falling clock', () => {
  const at = (text: string, id: number) => ({ id, at: new Date(text) })

  it('a cursor in the future is the last value, so what comes later is dropped until then', () => {
    const first = playRun({ cursorPath: 'at' }, [[at('2024-01-01', 1), at('2999-01-01', 2)]], { primaryKey: 'id' })
    expect(first.state?.last_value).toEqual(new Date('2999-01-01'))
    const second = playRun({ cursorPath: 'at' }, [[at('2024-01-02', 3), at('2999-01-01', 4)]], {
      primaryKey: 'id',
      stored: first.state ?? undefined,
    })
    expect(second.passed).toEqual([at('2999-01-01', 4)])
  })

  it('a cursor that falls is before the start, and moves nothing', () => {
    const stored = storedAt(10)
    const played = playRun({ cursorPath: 'at' }, [[{ at: 9 }, { at: 8 }]], { stored })
    expect(played.passed).toEqual([])
    expect(played.state).toEqual(stored)
    expect(played.seen[0]?.start_out_of_range).toBe(true)
  })
})

describe('rows at the last value', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id, at: 1 }))

  it('are warned of once above 200, as in the reference system', () => {
    const options = { cursorPath: 'at', primaryKey: 'id' }
    expect(playRun(options, [rows(200)]).warnings).toEqual([])
    const played = playRun(options, [rows(201), rows(300)])
    expect(played.warnings).toEqual([
      'Resource "items": 201 items share the last value of the cursor "at". The hash of each is kept in the state to tell them from new ones. Use a cursor that differs more often, or primaryKey: [] on the incremental to load them again.',
    ])
    expect(playRun(options, [rows(400)], { stored: played.state ?? undefined }).warnings).toEqual([])
    const few = playRun(options, [rows(190)]).state ?? undefined
    expect(playRun(options, [rows(201)], { stored: few }).warnings).toHaveLength(1)
  })

  it('are refused above the limit, without keeping the rows', () => {
    const run = openIncremental(
      { cursorPath: 'at', primaryKey: 'id' },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    for (let id = 0; id < maximumBoundaryHashes; id++) run.admit({ id, at: 1 })
    expect(run.result()?.unique_hashes).toHaveLength(maximumBoundaryHashes)
    run.admit({ id: -1, at: 1 })
    const error = errorOf(() => run.endPage())
    expect(error.code).toBe('DATA')
    expect(error.message).toBe(
      `Resource "items": more than 100000 items share the last value of the cursor "at", too many for the state. Use a cursor that differs more often; or set rangeStart: 'open' when no item arrives later with a cursor that is loaded already, or primaryKey: [] to load them again.`,
    )
  })

  /** Rows whose keys count how many of them are hashed: writing a key as JSON is part of it. */
  function countedRows(count: number, cursorOf: (id: number) => number) {
    const counted = { hashed: 0 }
    const toJSON = (): number => ++counted.hashed
    return { counted, rows: Array.from({ length: count }, (_, id) => ({ id: { id, toJSON }, at: cursorOf(id) })) }
  }

  it('are hashed only while they are at the last value', () => {
    const { counted, rows: ascending } = countedRows(5000, (id) => id)
    playRun({ cursorPath: 'at', primaryKey: 'id' }, [ascending])
    expect(counted.hashed).toBe(1)
  })

  it('are hashed before the page ends where there are many, so that they are not all kept', () => {
    const { counted, rows: many } = countedRows(2500, () => 1)
    const run = openIncremental(
      { cursorPath: 'at', primaryKey: 'id' },
      { stored: undefined, resource: 'items', warn: () => {} },
    )
    for (const row of many) run.admit(row)
    expect(counted.hashed).toBeGreaterThan(1900)
  })

  it('are compared at the start only where hashes are stored', () => {
    const { counted, rows: page } = countedRows(100, (id) => (id === 99 ? 2 : 1))
    const played = playRun({ cursorPath: 'at', primaryKey: 'id' }, [page], { stored: storedAt(1) })
    expect(played.passed).toHaveLength(100)
    expect(counted.hashed).toBe(1)
  })

  it('of a resource without key columns fail when the page ends', () => {
    const run = openIncremental(
      { cursorPath: 'at' },
      { stored: undefined, resource: 'items', resourcePrimaryKey: 'id', warn: () => {} },
    )
    expect(run.admit({ at: 1 })).toBe(true)
    expect(errorOf(() => run.endPage()).context).toEqual({ resource: 'items', column: 'id' })
  })
})

describe('the stored document', () => {
  it('stays as it was when nothing was read', () => {
    const stored = storedAt(5, ['Tp44cKMYfAuJ'])
    expect(playRun({ cursorPath: 'at', lag: 5 }, [], { stored }).state).toEqual(stored)
    expect(playRun({ cursorPath: 'at', initialValue: 3 }, []).state).toEqual({
      initial_value: 3,
      last_value: 3,
      unique_hashes: [],
      start_value: 3,
    })
  })

  it('keeps the initial value of the first run', () => {
    const stored = { ...storedAt(5), initial_value: 1 }
    expect(playRun({ cursorPath: 'at', initialValue: 4 }, [[{ at: 6 }]], { stored }).state).toMatchObject({
      initial_value: 1,
      last_value: 6,
      start_value: 5,
    })
  })

  const where = { resource: 'items', cursorPath: 'at' }

  it('may be absent, or empty', () => {
    expect(readStoredCursor(undefined, where)).toBeUndefined()
    expect(readStoredCursor({}, where)).toBeUndefined()
  })

  it('may lack what older versions did not write', () => {
    expect(readStoredCursor({ last_value: 5 }, where)).toEqual(storedAt(5))
  })

  it.each([
    [null],
    ['text'],
    [[]],
    [{ initial_value: 1 }],
    [{ last_value: 1, unique_hashes: [1] }],
    [{ last_value: 1, unique_hashes: 'x' }],
  ])('is refused when it is damaged: %j', (document) => {
    const error = errorOf(() => readStoredCursor(document, where))
    expect(error.code).toBe('STATE')
    expect(error.message).toBe(
      'The state of resource "items" for the cursor "at" is damaged. Restore the state from a backup, or run once with a refresh to load the resource anew.',
    )
  })
})

describe('a function as lastValueFunc', () => {
  it('is given the last value only when there is one', () => {
    const calls: (readonly unknown[])[] = []
    const lastValueFunc = (values: readonly unknown[]) => {
      calls.push(values)
      return values[0]
    }
    admitAll({ cursorPath: 'at', lastValueFunc }, [1, 2])
    expect(calls).toEqual([[1], [2, 1]])
  })

  it('that fails is named', () => {
    const cause = new Error('no')
    const lastValueFunc = () => {
      throw cause
    }
    const error = errorOf(() => admitAll({ cursorPath: 'at', lastValueFunc }, [1]))
    expect(error.cause).toBe(cause)
    expect(error.message).toBe(
      'Resource "items": lastValueFunc of the cursor "at" failed. It is called with [cursor of the item, remembered value], with the cursor alone while nothing is remembered.',
    )
  })

  it('sees Dates, also those from the state', () => {
    const seen: unknown[] = []
    const lastValueFunc = (values: readonly Date[]) => {
      seen.push(...values)
      return values.reduce((first, second) => (second.getTime() > first.getTime() ? second : first))
    }
    const run = openIncremental(
      { cursorPath: 'at', lastValueFunc },
      { stored: storedAt(new Date(5)), resource: 'items', warn: () => {} },
    )
    run.admit({ at: new Date(7) })
    expect(seen).toEqual([new Date(7), new Date(5)])
    expect(run.result()?.last_value).toEqual(new Date(7))
  })
})
