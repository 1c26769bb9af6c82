import { PlainDate, PlainTime, PreciseDateTime, typedJson } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { cursorValue, kindName, readCursor } from '../../src/incremental/cursor-kind.ts'
import { likeTemporal } from '../../src/incremental/temporal-values.ts'
import { errorOf, playRun } from './play-sequence.ts'
import { Instant, PlainDateLike, PlainDateTime, PlainTimeLike, ZonedDateTime } from './temporal-stand-ins.ts'

const micros = 1_704_067_200_123_456n

describe('values of Temporal', () => {
  it.each([
    ['Instant', new Instant(micros * 1000n + 789n), new PreciseDateTime(micros, true)],
    ['Instant before 1970', new Instant(-1n), new PreciseDateTime(-1n, true)],
    ['Instant in milliseconds', new Instant(5_000_000n), new Date(5)],
    ['ZonedDateTime', new ZonedDateTime(micros * 1000n, 'Europe/Berlin'), new PreciseDateTime(micros, true)],
    ['PlainDateTime', PlainDateTime.from('2024-01-01T00:00:00.123456'), new PreciseDateTime(micros, false)],
    ['PlainDate', PlainDateLike.from('2024-01-01'), new PlainDate(19_723)],
    ['PlainDate of year 1', PlainDateLike.from('0001-01-01'), new PlainDate(-719_162)],
    ['PlainTime', PlainTimeLike.from('00:00:01.000002'), new PlainTime(1_000_002n)],
  ])('%s is stored as a type of typed JSON', (_, value, stored) => {
    const cursor = readCursor(value)
    expect(cursor && cursorValue(cursor)).toEqual(stored)
  })

  it('are no cursors where they have no order', () => {
    expect(readCursor({ [Symbol.toStringTag]: 'Temporal.Duration' })).toBeUndefined()
    expect(readCursor({ [Symbol.toStringTag]: 'Temporal.Instant' })).toBeUndefined()
    expect(kindName({ [Symbol.toStringTag]: 'Temporal.Duration' })).toBe('an object')
  })

  it('come back in the type of the initial value', () => {
    const instant = likeTemporal(new Date(5), Instant.from('2024-01-01T00:00:00Z'))
    expect(instant).toBeInstanceOf(Instant)
    expect(instant).toMatchObject({ epochNanoseconds: 5_000_000n })
    const zoned = likeTemporal(new PreciseDateTime(micros, true), new ZonedDateTime(0n, 'Europe/Berlin'))
    expect(zoned).toMatchObject({ epochNanoseconds: micros * 1000n, timeZoneId: 'Europe/Berlin' })
    expect(likeTemporal(new PreciseDateTime(micros, false), PlainDateTime.from('2024-01-01T00:00:00'))).toMatchObject({
      text: '2024-01-01T00:00:00.123456',
    })
    expect(likeTemporal(new PlainDate(1), PlainDateLike.from('2024-01-01'))).toMatchObject({ text: '1970-01-02' })
    expect(likeTemporal(new PlainTime(1n), PlainTimeLike.from('10:00:00'))).toMatchObject({ text: '00:00:00.000001' })
  })

  it('stay as they are where the type cannot hold them', () => {
    const date = new Date(5)
    expect(likeTemporal(date, PlainDateLike.from('2024-01-01'))).toBe(date)
    expect(likeTemporal(date, new Date(1))).toBe(date)
    expect(likeTemporal('text', Instant.from('2024-01-01T00:00:00Z'))).toBe('text')
    expect(likeTemporal(new PlainDate(1), PlainTimeLike.from('10:00:00'))).toEqual(new PlainDate(1))
    expect(likeTemporal(new PreciseDateTime(1n, false), Instant.from('2024-01-01T00:00:00Z'))).toEqual(
      new PreciseDateTime(1n, false),
    )
  })
})

describe('a run over Temporal', () => {
  const at = (nanoseconds: bigint) => ({ at: new Instant(nanoseconds) })
  const initialValue = new Instant(1_000_000n)

  it('compares with Dates of the state, and shows Temporal to the function', () => {
    const options = { cursorPath: 'at', initialValue, rangeStart: 'open' } as const
    const first = playRun(options, [[at(1_000_000n), at(2_000_000n), at(3_000_000n)]])
    expect(first.passed).toHaveLength(2)
    expect(typedJson(first.state)).toBe(
      '{"initial_value":"\uf0271970-01-01T00:00:00.001000+00:00","last_value":"\uf0271970-01-01T00:00:00.003000+00:00","unique_hashes":[],"start_value":"\uf0271970-01-01T00:00:00.001000+00:00"}',
    )
    const second = playRun(options, [[at(3_000_000n), { at: new Date(4) }]], {
      stored: first.state ?? undefined,
    })
    expect(second.begin.start_value).toMatchObject({ epochNanoseconds: 3_000_000n })
    expect(second.passed).toEqual([{ at: new Date(4) }])
  })

  it('tells rows that differ in nanoseconds apart by their hashes only', () => {
    const first = playRun({ cursorPath: 'at', primaryKey: 'id' }, [[{ id: 1, at: new Instant(1_001n) }]])
    const page = [
      { id: 1, at: new Instant(1_001n) },
      { id: 2, at: new Instant(1_999n) },
    ]
    const second = playRun({ cursorPath: 'at', primaryKey: 'id' }, [page], { stored: first.state ?? undefined })
    expect(second.passed).toEqual([page[1]])
  })

  it('refuses another type', () => {
    const error = errorOf(() =>
      playRun({ cursorPath: 'at', initialValue }, [[{ at: PlainDateLike.from('2024-01-01') }]]),
    )
    expect(error.context['itemKind']).toBe('a date')
  })
})
