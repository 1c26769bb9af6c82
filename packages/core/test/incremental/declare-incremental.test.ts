import { PlainDate } from '@dlt/schema'
import { describe, expect, it } from 'vitest'
import { checkIncremental } from '../../src/incremental/check-incremental.ts'
import { incremental, mergeIncremental } from '../../src/incremental/declare-incremental.ts'
import { errorOf } from './play-sequence.ts'

/** Options as a caller without types may give them. */
function messageFor(options: unknown): string {
  const error = errorOf(() => Reflect.apply(checkIncremental, undefined, [options]))
  expect(error.code).toBe('CONFIGURATION')
  return error.message
}

describe('a declaration', () => {
  it('is the options, frozen', () => {
    const declared = incremental({ cursorPath: 'updated_at', initialValue: 5, lag: 1 })
    expect(declared).toEqual({ cursorPath: 'updated_at', initialValue: 5, lag: 1 })
    expect(Object.isFrozen(declared)).toBe(true)
  })

  it.each([
    ['closed', { rangeEnd: 'closed', rangeStart: 'open', rowOrder: 'asc', onCursorValueMissing: 'exclude' }],
    ['equal ends', { initialValue: 5, endValue: 5 }],
    ['min', { initialValue: 5, endValue: 1, lastValueFunc: 'min' }],
    ['text', { initialValue: '2024-01-01', endValue: '2024-02-01' }],
    ['days', { initialValue: new PlainDate(1), endValue: new PlainDate(2) }],
    ['bigint and number', { initialValue: 5, endValue: 9n }],
    ['null counts as none', { initialValue: null, endValue: null }],
    ['no key', { primaryKey: [] }],
    ['key function', { primaryKey: () => 'id' }],
    ['lag 0 with a function', { lag: 0, lastValueFunc: ([value]: readonly unknown[]) => value }],
  ])('may have a %s', (_, options) => {
    expect(() => Reflect.apply(checkIncremental, undefined, [{ cursorPath: 'at', ...options }])).not.toThrow()
  })
})

describe('wrong options', () => {
  it('say what is missing', () => {
    const expected = "An incremental needs the path of its cursor: dlt.incremental({ cursorPath: 'updated_at' })."
    expect(messageFor({})).toBe(expected)
    expect(messageFor({ cursorPath: ' ' })).toBe(expected)
    expect(messageFor({ cursorPath: 5 })).toBe(expected)
    expect(messageFor(undefined)).toBe("An incremental needs options: dlt.incremental({ cursorPath: 'updated_at' }).")
    expect(messageFor('updated_at')).toBe(
      "An incremental needs options: dlt.incremental({ cursorPath: 'updated_at' }).",
    )
  })

  it.each([
    ['cursor_path', 'cursorPath'],
    ['initalValue', 'initialValue'],
    ['end_value', 'endValue'],
    ['lastValueFunction', 'lastValueFunc'],
    ['onCursorMissing', 'onCursorValueMissing'],
    ['primarykey', 'primaryKey'],
    ['Lag', 'lag'],
  ])('of the name %s name %s', (name, nearest) => {
    expect(messageFor({ cursorPath: 'at', [name]: 1 })).toBe(
      `An incremental has no option "${name}". Did you mean "${nearest}"?`,
    )
  })

  it('that resemble none list all', () => {
    expect(messageFor({ cursorPath: 'at', window: 1 })).toBe(
      'An incremental has no option "window". Known are cursorPath, initialValue, endValue, lastValueFunc, primaryKey, lag, allowExternalSchedulers, rowOrder, rangeStart, rangeEnd, onCursorValueMissing.',
    )
  })

  it.each([
    [{ rowOrder: 'up' }, `rowOrder must be 'asc' or 'desc'.`],
    [{ rangeStart: 'half' }, `rangeStart must be 'closed' or 'open'.`],
    [{ rangeEnd: true }, `rangeEnd must be 'open' or 'closed'.`],
    [{ onCursorValueMissing: 'skip' }, `onCursorValueMissing must be 'raise' or 'include' or 'exclude'.`],
    [{ allowExternalSchedulers: 1 }, 'allowExternalSchedulers must be true or false.'],
    [{ lastValueFunc: 'newest' }, "lastValueFunc must be 'max', 'min' or a function of a list of cursors."],
    [{ lag: '5' }, 'lag must be a number.'],
    [{ lag: Number.NaN }, 'lag must be a number.'],
    [
      { lag: 5, lastValueFunc: (): number => 1 },
      "lag works with lastValueFunc 'max' and 'min' only. Remove lag, or the function.",
    ],
    [{ primaryKey: 5 }, 'primaryKey must be the name of a column, a list of names, or a function that gives them.'],
    [{ endValue: 5 }, 'endValue is given without initialValue. Give both, they are the range that is loaded.'],
    [
      { endValue: 5, initialValue: null },
      'endValue is given without initialValue. Give both, they are the range that is loaded.',
    ],
    [
      { initialValue: 6, endValue: 5 },
      "endValue is lower than initialValue. With lastValueFunc 'max' exchange the two.",
    ],
    [
      { initialValue: 5, endValue: 6, lastValueFunc: 'min' },
      "endValue is higher than initialValue. With lastValueFunc 'min' exchange the two.",
    ],
    [
      { initialValue: 5, endValue: '6' },
      'initialValue is a number, but endValue is a text. Give both as the items have the cursor.',
    ],
    [
      { initialValue: new Date(0), endValue: new PlainDate(5) },
      'initialValue is a date-time with a time zone, but endValue is a date. Give both as the items have the cursor.',
    ],
    [
      { initialValue: 1, endValue: 2, lastValueFunc: (): number => 1 },
      'lastValueFunc([endValue, initialValue]) does not return endValue. The function must take endValue for the further of the two.',
    ],
    [
      { initialValue: true },
      'initialValue is a boolean, which has no order. Give a number, text, date or date-time, or a lastValueFunc that orders such values.',
    ],
    [
      { initialValue: 1, endValue: [2] },
      'endValue is a list, which has no order. Give a number, text, date or date-time, or a lastValueFunc that orders such values.',
    ],
  ])('%j', (options, message) => {
    expect(messageFor({ cursorPath: 'at', ...options })).toBe(`Incremental "at": ${message}`)
  })

  it('never show a value', () => {
    const message = messageFor({ cursorPath: 'at', initialValue: 'secret-b', endValue: 'secret-a' })
    expect(message).not.toContain('secret')
  })

  it('are found at once by incremental()', () => {
    expect(errorOf(() => incremental({ cursorPath: 'a[' })).message).toMatch(/^The cursor path "a\[" is neither/)
  })
})

describe('a declaration with what a caller gives', () => {
  const declared = incremental<number>({ cursorPath: 'at', initialValue: 1, lag: 2 })

  it('takes a bare value for the initial value', () => {
    expect(mergeIncremental(declared, 7)).toEqual({ cursorPath: 'at', initialValue: 7, lag: 2 })
    const date = new Date(5)
    expect(mergeIncremental<unknown>({ cursorPath: 'at' }, date)).toEqual({ cursorPath: 'at', initialValue: date })
    expect(mergeIncremental<unknown>({ cursorPath: '$', lastValueFunc: (): number => 1 }, { push: 1 })).toMatchObject({
      initialValue: { push: 1 },
    })
  })

  it('replaces what is given, and keeps what is null or absent', () => {
    expect(mergeIncremental(declared, { endValue: 9, initialValue: null })).toEqual({
      cursorPath: 'at',
      initialValue: 1,
      endValue: 9,
      lag: 2,
    })
  })

  it('is checked again', () => {
    expect(errorOf(() => mergeIncremental(declared, { endValue: 0 })).message).toBe(
      `Incremental "at": endValue is lower than initialValue. With lastValueFunc 'max' exchange the two.`,
    )
  })
})
