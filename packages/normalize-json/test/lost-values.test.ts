import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { normalizeDocuments, type RunOptions } from './harness.ts'

const warningsOf = (documents: readonly unknown[], options: RunOptions = {}): readonly string[] =>
  normalizeDocuments(documents, options)
    .warnings.filter(({ kind }) => kind === 'lost-values')
    .map(({ message }) => message)

const invalid = new Date(Number.NaN)

describe('values that no column can hold', () => {
  it.each([
    ['NaN', Number.NaN],
    ['an infinity', Number.NEGATIVE_INFINITY],
    ['an invalid date', invalid],
    ['a decimal that is no number', new Decimal(Number.NaN)],
    ['an infinite decimal', new Decimal(Number.POSITIVE_INFINITY)],
    ['NaN in an object of its own', Object(Number.NaN)],
  ])('become null with a warning: %s', (_, value) => {
    const { rows } = normalizeDocuments([{ a: 1, b: value }, { a: 2 }])
    expect(rows.get('tbl')).toMatchObject([{ a: 1n }, { a: 2n }])
    expect(warningsOf([{ a: 1, b: value }])).toEqual([
      'Column "b" of table "tbl" (schema "test") has a value that is NaN, an infinity or an invalid date: null is stored. Correct this at the source, or yield text.',
    ])
  })

  it('are counted over all pages: one warning a column', () => {
    const documents = [{ a: Number.NaN, b: invalid }, { a: 1 }, { a: Number.NaN, b: invalid }, { a: null, b: invalid }]
    for (const pageSizes of [[], [1, 1, 1], [3]]) {
      expect(warningsOf(documents, { pageSizes }).toSorted()).toEqual([
        'Column "a" of table "tbl" (schema "test") has 2 values that are NaN, an infinity or an invalid date: null is stored. Correct this at the source, or yield text.',
        'Column "b" of table "tbl" (schema "test") has 3 values that are NaN, an infinity or an invalid date: null is stored. Correct this at the source, or yield text.',
      ])
    }
  })

  it('are counted in nested tables, and in numbers of JSON text that are too large', () => {
    expect(warningsOf([{ list: [1, Number.NaN] }])).toEqual([
      expect.stringContaining('Column "value" of table "tbl__list" (schema "test") has a value that is NaN'),
    ])
    expect(warningsOf([JSON.parse('{"a":1e999}')])).toHaveLength(1)
  })

  it('are not nulls: those are quiet', () => {
    expect(warningsOf([{ a: null }, { a: undefined }, { a: 1 }])).toEqual([])
  })
})
